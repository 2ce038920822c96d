#include "worker/engine/curl_engine.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/dialect/dialect.h"
#include "common/status/status_macros.h"
#include "worker/engine/connect_gate.h"
#include "worker/engine/curl_transfer.h"
#include "worker/engine/poller.h"
#include "worker/engine/target.h"
#include "worker/engine/timer_heap.h"
#include "worker/engine/transfer_pool.h"

namespace drumfire {
namespace {

// Connections opened ahead that may be on their way at a time; the others wait in line.
constexpr uint32_t kMaxOpening = 128;
// Until held requests are looked at again when nothing says when.
constexpr int64_t kHeldLookNs = 10 * kNsPerMs;
constexpr absl::string_view kNoRoom = "client limit: no room for another transfer";

class CurlEngine : public Engine, public MultiListener, public CurlTransferListener, public Timer {
 public:
  CurlEngine(const v1::Plan& plan, const Clock& clock, EngineOwner* owner,
             std::vector<Target> targets, std::unique_ptr<Poller> poller)
      : clock_(clock),
        owner_(owner),
        spin_ns_(plan.engine().spin_ns()),
        targets_(std::move(targets)),
        poller_(std::move(poller)),
        reader_(DialectOf(plan.endpoint()).make_reader()),
        opening_ahead_(targets_.size()),
        gates_(MakeConnectGates(targets_.size(), clock)),
        held_(targets_.size()),
        context_(MakeContext(plan)) {
    for (uint32_t url = 0; url < targets_.size(); ++url) {
      pools_.push_back(std::make_unique<TransferPool>(&context_, url, poller_.get(), this));
    }
  }

  ~CurlEngine() override { timers_.Disarm(this); }

  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t deadline_ns) override;
  void OpenAhead(uint32_t url, uint32_t idle) override;
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
  void OnTransferConnected(CurlTransfer* transfer, bool is_new) override;
  void OnTimer(int64_t now_ns) override;

 private:
  // A request that waits for its address, whose connects fail.
  struct Held {
    std::unique_ptr<Exchange> exchange;
    int64_t since_ns = 0;
  };

  CurlContext MakeContext(const v1::Plan& plan);
  void StartOpening();
  void FinishOpening(CurlTransfer* transfer, const ConnectError& error);
  uint32_t CountToOpen(uint32_t url) const;
  void Begin(CurlTransfer* transfer, std::unique_ptr<Exchange> exchange);
  void Hold(std::unique_ptr<Exchange> exchange);
  void ReleaseHeld(uint32_t url, int64_t now_ns);
  void FailHeld(uint32_t url, const Exchange& cause);
  void NoteConnectFailure(const CurlTransfer& transfer, v1::ErrorClass error);
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
  int64_t could_read_ns_ = 0;     // when the last wait should have ended at the latest, or did
  std::deque<uint32_t> to_open_;  // urls
  uint32_t opening_ = 0;
  std::vector<uint32_t> opening_ahead_;  // on their way, by url
  ConnectError opening_error_;
  std::vector<ConnectGate> gates_;      // by url
  std::vector<std::deque<Held>> held_;  // by url
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
  context.could_read_ns = &could_read_ns_;
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
  while (opening_ > 0 && !gave_up_opening() && clock_.MonotonicNs() < deadline_ns) {
    Poll(deadline_ns, false);
  }
  to_open_.clear();  // what could not even begin
  uint32_t open = 0;
  for (uint32_t url = 0; url < url_count(); ++url) {
    const uint32_t fresh = pools_[url]->CountFresh();
    if (fresh == 0 && ShareOfUrl(count, url, url_count()) > 0) return NothingOpened(opening_error_);
    open += fresh;
  }
  return std::min(open, count);
}

// What an address is paced for is not opened ahead: a request will try it.
void CurlEngine::StartOpening() {
  while (!to_open_.empty() && opening_ < kMaxOpening) {
    const uint32_t url = to_open_.front();
    to_open_.pop_front();
    if (!gates_[url].MayTry(clock_.MonotonicNs())) continue;
    TransferPool* pool = pools_[url].get();
    CurlTransfer* transfer = pool->TakeUnconnected();
    const bool has_begun = transfer != nullptr && transfer->BeginOpening();
    opening_ += has_begun ? 1 : 0;
    opening_ahead_[url] += has_begun ? 1 : 0;
    if (has_begun) {
      gates_[url].OnTry();
      continue;
    }
    opening_error_ = {v1::ERROR_CLIENT_LIMIT, std::string(kNoRoom)};
    if (transfer == nullptr) continue;
    transfer->Abort(v1::ERROR_NONE, "");
    pool->Return(transfer);
  }
}

void CurlEngine::FinishOpening(CurlTransfer* transfer, const ConnectError& error) {
  --opening_;
  --opening_ahead_[transfer->url()];
  if (error.error != v1::ERROR_NONE) {
    opening_error_ = error;
    NoteConnectFailure(*transfer, error.error);
  }
  pools_[transfer->url()]->Return(transfer);
  StartOpening();
}

uint32_t CurlEngine::CountToOpen(uint32_t url) const {
  return opening_ahead_[url] +
         static_cast<uint32_t>(std::count(to_open_.begin(), to_open_.end(), url));
}

void CurlEngine::OpenAhead(uint32_t url, uint32_t idle) {
  const uint32_t have = pools_[url]->CountConnected() + CountToOpen(url);
  if (have >= idle || !gates_[url].MayTry(clock_.MonotonicNs())) return;
  to_open_.insert(to_open_.end(), std::min(idle - have, kMaxBegunAhead), url);
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
  if (!transfer->has_connection() && !gates_[exchange->url].MayTry(clock_.MonotonicNs())) {
    pool->Return(transfer);
    return Hold(std::move(exchange));
  }
  Begin(transfer, std::move(exchange));
}

void CurlEngine::Begin(CurlTransfer* transfer, std::unique_ptr<Exchange> exchange) {
  if (!transfer->has_connection()) gates_[exchange->url].OnTry();
  if (transfer->Begin(std::move(exchange))) return;
  gates_[transfer->url()].OnGivenUp();
  unstarted_.push_back(transfer->Abort(v1::ERROR_NONE, ""));
  pools_[transfer->url()]->Return(transfer);
}

void CurlEngine::Hold(std::unique_ptr<Exchange> exchange) {
  const int64_t now_ns = clock_.MonotonicNs();
  timers_.ArmNoLaterThan(this, std::max(now_ns + kNsPerMs, gates_[exchange->url].next_ns()));
  std::deque<Held>& line = held_[exchange->url];
  line.push_back({std::move(exchange), now_ns});
}

void CurlEngine::OnTimer(int64_t now_ns) {
  for (uint32_t url = 0; url < url_count(); ++url) ReleaseHeld(url, now_ns);
}

// One try when the pause is over; all once a connect succeeded. What waited for longer than a
// connect may take fails.
void CurlEngine::ReleaseHeld(uint32_t url, int64_t now_ns) {
  std::deque<Held>& line = held_[url];
  const int64_t timeout_ns = context_.options->connect_timeout_ns();
  while (!line.empty()) {
    const bool is_late = timeout_ns > 0 && now_ns - line.front().since_ns >= timeout_ns;
    const bool may_try = gates_[url].MayTry(now_ns);
    if (!is_late && !may_try) break;
    Held next = std::move(line.front());
    line.pop_front();
    next.exchange->connect_wait_ns = now_ns - next.since_ns;
    CurlTransfer* transfer = is_late ? nullptr : pools_[url]->Take(*next.exchange);
    if (transfer != nullptr) {
      Begin(transfer, std::move(next.exchange));
      continue;
    }
    if (is_late) {
      const ConnectError error = ConnectTimedOut(targets_[url].address);
      FailExchange(error.error, error.message, next.exchange.get());
    }
    unstarted_.push_back(std::move(next.exchange));
  }
  if (!line.empty()) {
    timers_.ArmNoLaterThan(this, std::max(now_ns + kHeldLookNs, gates_[url].next_ns()));
  }
}

// The address is down: who waits for it fails as the last try did.
void CurlEngine::FailHeld(uint32_t url, const Exchange& cause) {
  if (!gates_[url].is_down()) return;
  for (Held& held : std::exchange(held_[url], {})) {
    FailExchange(cause.error, cause.error_message, held.exchange.get());
    unstarted_.push_back(std::move(held.exchange));
  }
}

void CurlEngine::NoteConnectFailure(const CurlTransfer& transfer, v1::ErrorClass error) {
  gates_[transfer.url()].OnFailure(error, transfer.begin_ns(), clock_.MonotonicNs());
}

void CurlEngine::OnTransferConnected(CurlTransfer* transfer, bool is_new) {
  if (!is_new) return gates_[transfer->url()].OnGivenUp();
  gates_[transfer->url()].OnSuccess();
  if (!held_[transfer->url()].empty()) timers_.ArmNoLaterThan(this, clock_.MonotonicNs());
}

// New transfers start from a timer of their shard that is due at once: before the wait.
void CurlEngine::Poll(int64_t deadline_ns, bool deadline_is_due) {
  FinishUnstarted();
  timers_.FireDue(clock_.MonotonicNs());
  Await(deadline_ns, deadline_is_due);
  woke_ns_ = clock_.MonotonicNs();
  could_read_ns_ = std::min(woke_ns_, deadline_ns);
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
    if (exchange->error == v1::ERROR_NONE) {
      FailExchange(v1::ERROR_CLIENT_LIMIT, kNoRoom, exchange.get());
    }
    exchange->end_ns = clock_.MonotonicNs();
    --in_flight_;
    owner_->OnFinished(std::move(exchange));
  }
}

void CurlEngine::CancelAll() {
  std::vector<std::unique_ptr<Exchange>> unsent = std::exchange(unstarted_, {});
  std::vector<std::unique_ptr<Exchange>> over;
  to_open_.clear();
  opening_ = 0;
  std::fill(opening_ahead_.begin(), opening_ahead_.end(), 0);
  for (uint32_t url = 0; url < url_count(); ++url) {
    gates_[url].OnGivenUp();
    for (Held& held : std::exchange(held_[url], {})) unsent.push_back(std::move(held.exchange));
  }
  for (const auto& pool : pools_) {
    pool->set_resets_on_close(true);
    for (CurlTransfer* transfer : pool->Busy()) {
      if (transfer->is_opening()) {
        transfer->Abort(v1::ERROR_NONE, "");
      } else {
        over.push_back(transfer->Cancel());
      }
      pool->Return(transfer);
    }
    pool->set_resets_on_close(false);
  }
  for (auto& exchange : unsent) {
    if (exchange->outcome != v1::OUTCOME_FAILED) exchange->outcome = v1::OUTCOME_CANCELLED;
    exchange->end_ns = clock_.MonotonicNs();
    over.push_back(std::move(exchange));
  }
  for (auto& exchange : over) {
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
  const uint32_t url = transfer->url();
  if (exchange->error != v1::ERROR_NONE && exchange->sent_ns < 0) {
    NoteConnectFailure(*transfer, exchange->error);
    FailHeld(url, *exchange);
  }
  pools_[url]->ReturnAfter(transfer, *exchange);
  owner_->OnFinished(std::move(exchange));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> MakeCurlEngine(const v1::Plan& plan, const Clock& clock,
                                                       EngineOwner* owner) {
  DRUMFIRE_ASSIGN_OR_RETURN(std::vector<Target> targets, ParseTargets(plan));
  DRUMFIRE_ASSIGN_OR_RETURN(std::unique_ptr<Poller> poller, Poller::Create(clock));
  return std::make_unique<CurlEngine>(plan, clock, owner, std::move(targets), std::move(poller));
}

}  // namespace drumfire
