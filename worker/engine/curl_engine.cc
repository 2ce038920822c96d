#include "worker/engine/curl_engine.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "worker/engine/curl_transfer.h"
#include "worker/engine/multi_driver.h"
#include "worker/engine/poller.h"
#include "worker/engine/target.h"
#include "worker/engine/timer_heap.h"

namespace drumfire {
namespace {

// The cost of a multi grows with its pool.
constexpr size_t kTransfersPerShard = 64;

class CurlEngine : public Engine, public MultiListener, public CurlTransferListener {
 public:
  CurlEngine(const v1::Plan& plan, const Clock& clock, EngineOwner* owner,
             std::vector<Target> targets, std::unique_ptr<Poller> poller)
      : clock_(clock),
        owner_(owner),
        spin_ns_(plan.engine().spin_ns()),
        targets_(std::move(targets)),
        poller_(std::move(poller)),
        reader_(MakeResponseReader(plan.endpoint().type())),
        context_{&clock_,    &timers_,      &plan.connections(),
                 &counters_, reader_.get(), InterpreterOptionsOf(plan),
                 this} {}

  // libcurl keeps connections for transfers only: there is nothing to open ahead without sending
  // a request that nobody asked for.
  absl::StatusOr<uint32_t> OpenConnections(uint32_t, int64_t) override { return 0u; }
  void Send(std::unique_ptr<Exchange> exchange) override;
  void Poll(int64_t deadline_ns, bool deadline_is_due) override;
  void CancelAll() override;
  void Wake() override { poller_->Wake(); }
  uint32_t in_flight() const override { return in_flight_; }
  EngineCounters counters() const override { return counters_; }
  int64_t woke_ns() const override { return woke_ns_; }
  const char* name() const override { return "curl"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

  void OnTransferDone(CURL* easy, CURLcode result) override;
  void OnTransferTimeout(CurlTransfer* transfer, const ResponseDeadline& deadline) override;

 private:
  CurlTransfer* TakeTransfer();
  bool AddShard();
  void Await(int64_t deadline_ns, bool deadline_is_due);
  void FinishUnstarted();
  void Finish(CurlTransfer* transfer, std::unique_ptr<Exchange> exchange);

  const Clock& clock_;
  EngineOwner* const owner_;
  const int64_t spin_ns_;
  const std::vector<Target> targets_;
  const std::unique_ptr<Poller> poller_;
  const std::unique_ptr<ResponseReader> reader_;
  TimerHeap timers_;
  EngineCounters counters_;
  uint32_t in_flight_ = 0;
  int64_t woke_ns_ = 0;
  const CurlContext context_;
  std::vector<std::unique_ptr<MultiDriver>> shards_;
  std::vector<std::unique_ptr<CurlTransfer>> transfers_;  // die before their shards
  std::vector<CurlTransfer*> free_;  // the last one freed has the freshest connection in its shard
  std::vector<std::unique_ptr<Exchange>> unstarted_;  // no room for them; reported by Poll
};

void CurlEngine::Send(std::unique_ptr<Exchange> exchange) {
  ++in_flight_;
  CurlTransfer* transfer = TakeTransfer();
  if (transfer == nullptr) {
    unstarted_.push_back(std::move(exchange));
    return;
  }
  const Target& target = targets_[exchange->url];
  if (transfer->Begin(std::move(exchange), target)) return;
  unstarted_.push_back(transfer->Abort(v1::ERROR_NONE, ""));
  free_.push_back(transfer);
}

CurlTransfer* CurlEngine::TakeTransfer() {
  if (!free_.empty()) {
    CurlTransfer* transfer = free_.back();
    free_.pop_back();
    return transfer;
  }
  if (transfers_.size() == shards_.size() * kTransfersPerShard && !AddShard()) return nullptr;
  transfers_.push_back(std::make_unique<CurlTransfer>(&context_, shards_.back().get()));
  return transfers_.back().get();
}

bool CurlEngine::AddShard() {
  absl::StatusOr<std::unique_ptr<MultiDriver>> shard =
      MultiDriver::Create(clock_, poller_.get(), &timers_, this);
  if (!shard.ok()) return false;
  curl_multi_setopt((*shard)->multi(), CURLMOPT_MAXCONNECTS,
                    static_cast<long>(2 * kTransfersPerShard));
  shards_.push_back(*std::move(shard));
  return true;
}

// New transfers start from a timer of their shard that is due at once: before the wait.
void CurlEngine::Poll(int64_t deadline_ns, bool deadline_is_due) {
  FinishUnstarted();
  timers_.FireDue(clock_.MonotonicNs());
  Await(deadline_ns, deadline_is_due);
  woke_ns_ = clock_.MonotonicNs();
  while (poller_->HandleNext()) {
  }
  timers_.FireDue(clock_.MonotonicNs());
}

void CurlEngine::Await(int64_t deadline_ns, bool deadline_is_due) {
  const int64_t spin_ns = deadline_is_due ? spin_ns_ : 0;
  if (!unstarted_.empty()) return;
  poller_->Wait(std::min(deadline_ns - spin_ns, timers_.next_deadline_ns()));
  // Only near the due time: a wake-up or a timer of libcurl's long before it is no reason to spin.
  if (spin_ns == 0 || clock_.MonotonicNs() < deadline_ns - spin_ns) return;
  while (!poller_->has_batch() && clock_.MonotonicNs() < deadline_ns) poller_->Wait(0);
}

void CurlEngine::FinishUnstarted() {
  for (auto& exchange : std::exchange(unstarted_, {})) {
    FailExchange(v1::ERROR_CLIENT_LIMIT, "client limit: no room for another transfer",
                 exchange.get());
    exchange->end_ns = clock_.MonotonicNs();
    --in_flight_;
    owner_->OnFinished(std::move(exchange));
  }
}

void CurlEngine::CancelAll() {
  std::vector<std::unique_ptr<Exchange>> cancelled = std::exchange(unstarted_, {});
  for (auto& transfer : transfers_) {
    if (!transfer->is_busy()) continue;
    cancelled.push_back(transfer->Abort(v1::ERROR_NONE, ""));
    free_.push_back(transfer.get());
  }
  for (auto& exchange : cancelled) {
    if (exchange->outcome != v1::OUTCOME_FAILED) exchange->outcome = v1::OUTCOME_CANCELLED;
    exchange->end_ns = clock_.MonotonicNs();
    --in_flight_;
    owner_->OnFinished(std::move(exchange));
  }
}

void CurlEngine::OnTransferDone(CURL* easy, CURLcode result) {
  CurlTransfer* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  Finish(transfer, transfer->End(result));
}

void CurlEngine::OnTransferTimeout(CurlTransfer* transfer, const ResponseDeadline& deadline) {
  Finish(transfer, transfer->Abort(deadline.error, deadline.Message()));
}

void CurlEngine::Finish(CurlTransfer* transfer, std::unique_ptr<Exchange> exchange) {
  --in_flight_;
  free_.push_back(transfer);
  owner_->OnFinished(std::move(exchange));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> MakeCurlEngine(const v1::Plan& plan, const Clock& clock,
                                                       EngineOwner* owner) {
  if (plan.connections().reuse() == v1::REUSE_STICKY_USER_SESSIONS) {
    return absl::InvalidArgumentError(
        "engine 'curl' cannot keep a connection for a session; use --engine native");
  }
  absl::StatusOr<std::vector<Target>> targets = ParseTargets(plan);
  if (!targets.ok()) return targets.status();
  absl::StatusOr<std::unique_ptr<Poller>> poller = Poller::Create(clock);
  if (!poller.ok()) return poller.status();
  return std::make_unique<CurlEngine>(plan, clock, owner, *std::move(targets), *std::move(poller));
}

}  // namespace drumfire
