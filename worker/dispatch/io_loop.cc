#include "worker/dispatch/io_loop.h"

#include <algorithm>
#include <utility>

#include "glog/logging.h"

namespace drumfire {
namespace {

// The loop steps at least this often, so that a phase's time limits hold even if a wake-up is lost.
constexpr int64_t kLongestWaitNs = 50 * kNsPerMs;

}  // namespace

absl::StatusOr<std::unique_ptr<IoLoop>> IoLoop::Create(const EngineFactory& make_engine,
                                                       const Clock& clock, const Lease* lease,
                                                       IoCallbacks callbacks) {
  std::unique_ptr<IoLoop> io(new IoLoop(clock, lease, std::move(callbacks)));
  auto engine = make_engine(io.get());
  if (!engine.ok()) return engine.status();
  io->engine_ = *std::move(engine);
  return io;
}

void IoLoop::BeginPhase(const PhaseSettings& settings, ReadyQueue* queue) {
  CHECK(dispatcher_ == nullptr) << "a phase runs";
  dispatcher_ = std::make_unique<Dispatcher>(settings, engine_.get(), queue, lease_,
                                             &usage_refusal_, callbacks_.requests);
  demand_is_due_ = false;
  expiry_is_reported_ = false;
}

void IoLoop::Granted(uint64_t granted, bool final) {
  dispatcher_->OnGranted(granted, final);
  low_watermark_ = dispatcher_->unsent() / 2;
  demand_is_due_ = !final;
}

bool IoLoop::IsBelowLowWatermark() const {
  const uint64_t unsent = dispatcher_->unsent();
  return unsent <= low_watermark_ && (unsent > 0 || dispatcher_->free_slots() > 0);
}

void IoLoop::OnFinished(std::unique_ptr<Exchange> exchange) {
  CHECK(dispatcher_ != nullptr) << "request " << exchange->session << " outlived its phase";
  dispatcher_->OnFinished(std::move(exchange));
}

int64_t IoLoop::Step(int64_t now_ns) {
  const int64_t next_ns = dispatcher_ != nullptr ? dispatcher_->Step(now_ns) : kNever;
  if (dispatcher_ != nullptr) NotifyOwner();
  if (engine_->woke_ns() > 0) callbacks_.on_step(engine_->woke_ns(), clock_.MonotonicNs());
  return next_ns;
}

void IoLoop::WaitUntil(int64_t until_ns) {
  const int64_t wait_from_ns = clock_.MonotonicNs();
  const bool is_busy = dispatcher_ != nullptr && engine_->in_flight() > 0;
  const int64_t latest_ns =
      std::min(wait_from_ns + kLongestWaitNs, ticks_.Arm(wait_from_ns, is_busy));
  engine_->Poll(std::min(until_ns, latest_ns), until_ns < latest_ns);
  const int64_t late_ns = ticks_.LateNs(engine_->woke_ns());
  if (late_ns >= 0) callbacks_.on_tick(late_ns);
}

void IoLoop::NotifyOwner() {
  if (!dispatcher_->started() && !dispatcher_->sending_stopped()) return;
  if (demand_is_due_ && IsBelowLowWatermark()) {
    demand_is_due_ = false;
    callbacks_.on_low_credits(dispatcher_->unsent(), dispatcher_->free_slots());
  }
  if (dispatcher_->lease_expired()) {
    if (!std::exchange(expiry_is_reported_, true)) callbacks_.on_lease_expired();
  } else if (dispatcher_->done()) {
    const v1::CreditTotals totals = dispatcher_->totals();
    const SlotWaits waits = dispatcher_->slot_waits();
    EndPhase();
    callbacks_.on_done(totals, waits);
  }
}

void IoLoop::EndPhase() {
  CHECK_EQ(engine_->in_flight(), 0u);
  dispatcher_.reset();
}

void IoLoop::CancelPhase() {
  if (dispatcher_ == nullptr) return;
  dispatcher_->Cancel();
  EndPhase();
}

}  // namespace drumfire
