#include "worker/engine/curl_engine.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "worker/engine/curl_transfer.h"
#include "worker/engine/poller.h"
#include "worker/engine/target.h"
#include "worker/engine/timer_heap.h"
#include "worker/engine/transfer_pool.h"

namespace drumfire {
namespace {

// Connections opened ahead that may be on their way at a time; the others wait in line.
constexpr uint32_t kMaxOpening = 128;
constexpr absl::string_view kNoRoom = "client limit: no room for another transfer";

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
        context_(MakeContext(plan)) {
    for (uint32_t url = 0; url < targets_.size(); ++url) {
      pools_.push_back(std::make_unique<TransferPool>(&context_, url, poller_.get(), this));
    }
  }

  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t deadline_ns) override;
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
  CurlContext MakeContext(const v1::Plan& plan);
  void StartOpening();
  void FinishOpening(CurlTransfer* transfer, const ConnectError& error);
  uint32_t url_count() const { return targets_.size(); }
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
  std::deque<uint32_t> to_open_;  // urls
  uint32_t opening_ = 0;
  ConnectError opening_error_;
  const CurlContext context_;
  std::vector<std::unique_ptr<TransferPool>> pools_;  // by url
  std::vector<std::unique_ptr<Exchange>> unstarted_;  // no room for them; reported by Poll
};

CurlContext CurlEngine::MakeContext(const v1::Plan& plan) {
  CurlContext context{};
  context.clock = &clock_;
  context.timers = &timers_;
  context.targets = &targets_;
  context.options = &plan.connections();
  context.counters = &counters_;
  context.reader = reader_.get();
  context.interpreter = InterpreterOptionsOf(plan);
  context.listener = this;
  return context;
}

absl::StatusOr<uint32_t> CurlEngine::OpenConnections(uint32_t count, int64_t deadline_ns) {
  opening_error_ = {};
  for (uint32_t url = 0; url < url_count(); ++url) {
    const uint32_t wanted = ShareOfUrl(count, url, url_count());
    const uint32_t have = pools_[url]->CountFresh();
    if (wanted > have) to_open_.insert(to_open_.end(), wanted - have, url);
  }
  StartOpening();
  while (opening_ > 0 && clock_.MonotonicNs() < deadline_ns) Poll(deadline_ns, false);
  to_open_.clear();
  uint32_t open = 0;
  for (uint32_t url = 0; url < url_count(); ++url) {
    const uint32_t fresh = pools_[url]->CountFresh();
    if (fresh == 0 && ShareOfUrl(count, url, url_count()) > 0) return NothingOpened(opening_error_);
    open += fresh;
  }
  return std::min(open, count);
}

void CurlEngine::StartOpening() {
  while (!to_open_.empty() && opening_ < kMaxOpening) {
    TransferPool* pool = pools_[to_open_.front()].get();
    to_open_.pop_front();
    CurlTransfer* transfer = pool->TakeUnconnected();
    const bool has_begun = transfer != nullptr && transfer->BeginOpening();
    opening_ += has_begun ? 1 : 0;
    if (has_begun) continue;
    opening_error_ = {v1::ERROR_CLIENT_LIMIT, std::string(kNoRoom)};
    if (transfer == nullptr) continue;
    transfer->Abort(v1::ERROR_NONE, "");
    pool->Return(transfer);
  }
}

void CurlEngine::FinishOpening(CurlTransfer* transfer, const ConnectError& error) {
  --opening_;
  if (error.error != v1::ERROR_NONE) opening_error_ = error;
  pools_[transfer->url()]->Return(transfer);
  StartOpening();
}

void CurlEngine::Send(std::unique_ptr<Exchange> exchange) {
  ++in_flight_;
  TransferPool* pool = pools_[exchange->url].get();
  CurlTransfer* transfer = pool->Take(*exchange);
  if (transfer == nullptr) {
    unstarted_.push_back(std::move(exchange));
    return;
  }
  if (transfer->Begin(std::move(exchange))) return;
  unstarted_.push_back(transfer->Abort(v1::ERROR_NONE, ""));
  pool->Return(transfer);
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
    FailExchange(v1::ERROR_CLIENT_LIMIT, kNoRoom, exchange.get());
    exchange->end_ns = clock_.MonotonicNs();
    --in_flight_;
    owner_->OnFinished(std::move(exchange));
  }
}

void CurlEngine::CancelAll() {
  std::vector<std::unique_ptr<Exchange>> cancelled = std::exchange(unstarted_, {});
  to_open_.clear();
  opening_ = 0;
  for (const auto& pool : pools_) {
    pool->set_discards_unsent(true);
    for (CurlTransfer* transfer : pool->Busy()) {
      const bool is_request = !transfer->is_opening();
      std::unique_ptr<Exchange> exchange = transfer->Abort(v1::ERROR_NONE, "");
      if (is_request) cancelled.push_back(std::move(exchange));
      pool->Return(transfer);
    }
    pool->set_discards_unsent(false);
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
  if (transfer->is_opening()) return FinishOpening(transfer, transfer->EndOpening(result));
  Finish(transfer, transfer->End(result));
}

void CurlEngine::OnTransferTimeout(CurlTransfer* transfer, const ResponseDeadline& deadline) {
  if (transfer->is_opening()) {
    transfer->Abort(v1::ERROR_NONE, "");
    return FinishOpening(transfer, ConnectTimedOut(targets_[transfer->url()].address));
  }
  Finish(transfer, transfer->Abort(deadline.error, deadline.Message()));
}

void CurlEngine::Finish(CurlTransfer* transfer, std::unique_ptr<Exchange> exchange) {
  --in_flight_;
  pools_[transfer->url()]->ReturnAfter(transfer, *exchange);
  owner_->OnFinished(std::move(exchange));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> MakeCurlEngine(const v1::Plan& plan, const Clock& clock,
                                                       EngineOwner* owner) {
  absl::StatusOr<std::vector<Target>> targets = ParseTargets(plan);
  if (!targets.ok()) return targets.status();
  absl::StatusOr<std::unique_ptr<Poller>> poller = Poller::Create(clock);
  if (!poller.ok()) return poller.status();
  return std::make_unique<CurlEngine>(plan, clock, owner, *std::move(targets), *std::move(poller));
}

}  // namespace drumfire
