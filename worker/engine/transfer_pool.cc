#include "worker/engine/transfer_pool.h"

#include <utility>

namespace drumfire {
namespace {

CurlTransfer* PopBack(std::vector<CurlTransfer*>* free) {
  if (free->empty()) return nullptr;
  CurlTransfer* transfer = free->back();
  free->pop_back();
  return transfer;
}

}  // namespace

TransferPool::TransferPool(const CurlContext* context, uint32_t url, Poller* poller,
                           MultiListener* listener)
    : context_(context),
      options_(*context->options),
      url_(url),
      poller_(poller),
      listener_(listener) {}

CurlTransfer* TransferPool::Take(const Exchange& exchange) {
  if (is_sticky()) {
    ReleaseExpired();
    if (CurlTransfer* parked = TakeParked(exchange.session_key())) return parked;
  }
  CurlTransfer* connected = PopBack(&connected_);
  return connected != nullptr ? connected : TakeUnconnected();
}

CurlTransfer* TransferPool::TakeUnconnected() {
  CurlTransfer* transfer = PopBack(&unconnected_);
  return transfer != nullptr ? transfer : Add();
}

CurlTransfer* TransferPool::Add() {
  if (all_.size() == shards_.size() * shard_size() && !AddShard()) return nullptr;
  Shard* shard = shards_.back().get();
  all_.push_back(std::make_unique<CurlTransfer>(context_, url_, shard->driver.get(), &shard->idle,
                                                &closed_by_peer_));
  return all_.back().get();
}

bool TransferPool::AddShard() {
  absl::StatusOr<std::unique_ptr<MultiDriver>> driver =
      MultiDriver::Create(*context_->clock, poller_, context_->timers, listener_);
  if (!driver.ok()) return false;
  curl_multi_setopt((*driver)->multi(), CURLMOPT_MAXCONNECTS,
                    static_cast<long>(is_sticky() ? 1 : 2 * shard_size()));
  (*driver)->set_quick_ack(options_.quick_ack());
  shards_.push_back(std::make_unique<Shard>());
  shards_.back()->driver = *std::move(driver);
  return true;
}

void TransferPool::Return(CurlTransfer* transfer) {
  (transfer->has_connection() ? connected_ : unconnected_).push_back(transfer);
}

void TransferPool::ReturnAfter(CurlTransfer* transfer, const Exchange& exchange) {
  if (!is_sticky() || exchange.is_last_turn() || !transfer->has_connection()) {
    return Return(transfer);
  }
  Park(transfer, exchange.session_key());
}

CurlTransfer* TransferPool::TakeParked(uint64_t session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return nullptr;
  CurlTransfer* transfer = found->second;
  sessions_.erase(found);
  transfer->parked_session.reset();
  IdleList::Remove(transfer);
  return transfer;
}

void TransferPool::Park(CurlTransfer* transfer, uint64_t session) {
  const auto earlier = sessions_.find(session);
  if (earlier != sessions_.end()) Unpark(earlier->second);
  sessions_[session] = transfer;
  transfer->parked_session = session;
  parked_.Push(transfer, context_->clock->MonotonicNs());
}

// Nobody else may have its connection.
void TransferPool::Unpark(CurlTransfer* transfer) {
  TakeParked(*transfer->parked_session);
  transfer->ForgetConnection();
  Return(transfer);
}

void TransferPool::ReleaseExpired() {
  if (options_.max_idle_ns() <= 0) return;
  const int64_t since_ns = context_->clock->MonotonicNs() - options_.max_idle_ns();
  while (parked_.oldest() != nullptr && parked_.oldest()->idle_since_ns() <= since_ns) {
    Unpark(static_cast<CurlTransfer*>(parked_.oldest()));
  }
}

uint32_t TransferPool::CountFresh() {
  const int64_t max_idle_ns = options_.max_idle_ns();
  const int64_t now_ns = context_->clock->MonotonicNs();
  absl::flat_hash_map<const MultiDriver*, uint32_t> left;
  for (auto& shard : shards_) {
    left[shard->driver.get()] =
        shard->idle.CountFresh(max_idle_ns > 0 ? now_ns - max_idle_ns / 2 : 0);
  }
  for (CurlTransfer* transfer : std::exchange(connected_, {})) {
    uint32_t& fresh = left[transfer->driver()];
    if (fresh == 0) transfer->ForgetConnection();
    fresh -= fresh > 0 ? 1 : 0;
    Return(transfer);
  }
  return connected_.size();
}

void TransferPool::set_resets_on_close(bool discards) {
  for (const auto& shard : shards_) shard->idle.set_resets_on_close(discards);
}

std::vector<CurlTransfer*> TransferPool::Busy() const {
  std::vector<CurlTransfer*> busy;
  for (const auto& transfer : all_) {
    if (transfer->is_busy()) busy.push_back(transfer.get());
  }
  return busy;
}

}  // namespace drumfire
