#include "tools/fleet_sim/request_load.h"

#include <algorithm>
#include <utility>

namespace drumfire::fleet_sim {
namespace {

constexpr uint64_t kMadeAhead = 1024;

}  // namespace

RequestLoad::RequestLoad(std::shared_ptr<const Workload> workload, const v1::Prepare& prepare,
                         const FakeAnswer& answer, double speed_up, const Clock& clock,
                         LoadCallbacks callbacks)
    : workload_(std::move(workload)),
      phase_(prepare.phase()),
      callbacks_(std::move(callbacks)),
      clock_(clock, speed_up),
      lease_(clock_),
      queue_(2 * kMadeAhead, SIZE_MAX),
      engine_(answer, clock_, this),
      dispatcher_(SettingsOf(prepare), &engine_, &queue_, &lease_, &usage_refusal_,
                  callbacks_.on_record) {}

PhaseSettings RequestLoad::SettingsOf(const v1::Prepare& prepare) const {
  const v1::Plan& plan = workload_->plan;
  const v1::Phase& phase = plan.phases(static_cast<int>(prepare.phase()));
  PhaseSettings settings;
  settings.open_loop = IsOpenLoop(phase);
  settings.slots = prepare.slots();
  settings.duration_ns = phase.duration_ns();
  settings.grace_ns = phase.grace_period_ns();
  if (plan.late_policy() == v1::LATE_DROP) settings.drop_after_ns = plan.engine().late_after_ns();
  return settings;
}

void RequestLoad::Add(const v1::Grant& grant) {
  unmade_.Add(grant);
  queue_.NoteUnmade(unmade_.lowest());
  granted_ += grant.count();
  dispatcher_.OnGranted(granted_, grant.last());
  low_water_ = dispatcher_.unsent() / 2;
  told_hungry_ = grant.last();
}

void RequestLoad::Start(int64_t start_ns) {
  clock_.Begin(start_ns);
  ExtendLease(lease_until_ns_);
  dispatcher_.Start(start_ns);
}

void RequestLoad::ExtendLease(int64_t until_ns) {
  lease_until_ns_ = until_ns;
  lease_.ExtendTo(clock_.FromMachine(until_ns));
}

std::unique_ptr<Exchange> RequestLoad::Make(uint64_t k) {
  if (!cursor_.has_value() || k < cursor_k_) {
    cursor_.emplace(workload_->plan, phase_, workload_->dataset.get());
  }
  cursor_k_ = k;
  const ScheduledRequest request = cursor_->At(k);
  auto exchange = std::make_unique<Exchange>();
  exchange->k = k;
  exchange->phase = phase_;
  exchange->url = request.url;
  exchange->model = request.model;
  exchange->entry = request.entry;
  exchange->isl = request.isl;
  exchange->requested_osl = request.requested_osl;
  exchange->intended_ns = request.intended_ns;
  static const auto kBody = std::make_shared<const std::string>("{}");
  exchange->body = kBody;
  return exchange;
}

void RequestLoad::MakeRequests() {
  if (dispatcher_.sending_stopped()) return;
  const v1::CreditTotals totals = dispatcher_.totals();
  while (!unmade_.empty() && made_ - totals.sent() - totals.dropped() < kMadeAhead) {
    auto exchange = Make(unmade_.TakeLowest());
    ++made_;
    (void)queue_.Push(std::move(exchange), [] {});
    queue_.NoteUnmade(unmade_.lowest());
  }
}

int64_t RequestLoad::Turn() {
  MakeRequests();
  // Once before: where the phase's duration is over, no answer begins another request.
  dispatcher_.Step(clock_.MonotonicNs());
  engine_.Deliver();
  const int64_t next_ns = dispatcher_.Step(clock_.MonotonicNs());
  TellOwner();
  // What the queue was too short for.
  const bool is_behind = dispatcher_.started() && !dispatcher_.sending_stopped() &&
                         !unmade_.empty() && dispatcher_.free_slots() > 0;
  if (is_behind && made_ == dispatcher_.totals().sent()) return 0;
  return clock_.ToMachine(std::min(next_ns, engine_.NextAnswerNs()));
}

bool RequestLoad::IsHungry() const {
  const uint64_t unsent = dispatcher_.unsent();
  return unsent <= low_water_ && (unsent > 0 || dispatcher_.free_slots() > 0);
}

void RequestLoad::TellOwner() {
  if (!dispatcher_.started() && !dispatcher_.sending_stopped()) return;
  if (!told_hungry_ && IsHungry()) {
    told_hungry_ = true;
    callbacks_.on_hungry(dispatcher_.unsent(), dispatcher_.free_slots());
  }
  if (told_end_ || !(dispatcher_.lapsed() || dispatcher_.done())) return;
  told_end_ = true;
  dispatcher_.lapsed() ? callbacks_.on_lapse() : callbacks_.on_done();
}

void RequestLoad::OnFinished(std::unique_ptr<Exchange> exchange) {
  dispatcher_.OnFinished(std::move(exchange));
}

}  // namespace drumfire::fleet_sim
