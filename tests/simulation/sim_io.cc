#include "tests/simulation/sim_io.h"

#include <algorithm>
#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kLongestWaitNs = 50 * kNsPerMs;
// A slow preparer is only so far ahead, and makes no request in so many of its turns.
constexpr uint64_t kFarAhead = 4096, kBarelyAhead = 3;
constexpr double kIdleShare = 0.3;
constexpr int64_t kSlowPreparerNs = kNsPerMs;

}  // namespace

SimIo::SimIo(const Scenario& scenario, uint32_t worker, World* world, const HostClock* clock,
             const Lease* lease, const Dataset* dataset, Checker* checker,
             std::function<bool()> is_stopped, SimIoCallbacks callbacks)
    : scenario_(scenario),
      worker_(worker),
      world_(world),
      clock_(clock),
      lease_(lease),
      dataset_(dataset),
      checker_(checker),
      callbacks_(std::move(callbacks)),
      made_ahead_(scenario.faults.Has(Fault::kSlowPreparer) ? kBarelyAhead : kFarAhead),
      turns_(world, std::move(is_stopped), [this] { Turn(); }),
      engine_(scenario, worker, world, clock, checker, this, [this] { turns_.Wake(); }) {}

void SimIo::Post(std::function<void()> task) {
  tasks_.push_back(std::move(task));
  turns_.Wake();
}

void SimIo::BeginPhase(uint32_t phase, const PhaseSettings& settings) {
  phase_ = phase;
  queue_ = std::make_unique<ReadyQueue>(2 * kFarAhead, SIZE_MAX);
  unmade_ = {};
  cursor_.reset();
  made_ = 0;
  Post([this, settings] {
    dispatcher_ =
        std::make_unique<Dispatcher>(settings, &engine_, queue_.get(), lease_, &usage_refusal_,
                                     [this](std::unique_ptr<Exchange> exchange) {
                                       if (exchange->outcome == v1::OUTCOME_DROPPED) {
                                         checker_->OnOver(worker_, *exchange);
                                       }
                                       callbacks_.on_record(std::move(exchange));
                                     });
    told_hungry_ = true;
    told_done_ = false;
    told_lapse_ = false;
  });
}

void SimIo::Add(const v1::Grant& grant, uint64_t granted) {
  unmade_.Add(grant);
  NoteUnmade();
  Post([this, granted, last = grant.last()] {
    if (dispatcher_ != nullptr) Granted(granted, last);
  });
}

void SimIo::EndPhase() {
  dispatcher_.reset();
  queue_.reset();
}

void SimIo::Stop() {
  tasks_.clear();
  if (dispatcher_ != nullptr) dispatcher_->Cancel();
  EndPhase();
}

std::unique_ptr<Exchange> SimIo::Make(uint64_t k) {
  if (!cursor_.has_value() || k < cursor_k_) cursor_.emplace(scenario_.plan, phase_, dataset_);
  cursor_k_ = k;
  const ScheduledRequest request = cursor_->At(k);
  auto exchange = std::make_unique<Exchange>();
  exchange->k = k;
  exchange->phase = phase_;
  exchange->url = request.url;
  exchange->model = request.model;
  exchange->entry = request.entry + (scenario_.mutation == Mutation::kStrangerEntry ? 1 : 0);
  exchange->isl = request.isl;
  exchange->requested_osl = request.requested_osl;
  exchange->intended_ns = request.intended_ns;
  static const auto kBody = std::make_shared<const std::string>("{}");
  exchange->body = kBody;
  return exchange;
}

void SimIo::Prepare() {
  if (queue_ == nullptr || dispatcher_ == nullptr || dispatcher_->sending_stopped()) return;
  if (made_ahead_ == kBarelyAhead && world_->draws().Chance(kIdleShare)) return;
  const v1::CreditTotals totals = dispatcher_->totals();
  while (!unmade_.empty() && made_ - totals.sent() - totals.dropped() < made_ahead_) {
    auto exchange = Make(unmade_.TakeLowest());
    ++made_;
    (void)queue_->Push(std::move(exchange), [] {});
    NoteUnmade();
  }
}

void SimIo::Turn() {
  for (const auto& task : std::exchange(tasks_, {})) task();
  engine_.Deliver();
  Prepare();
  const int64_t now_ns = clock_->MonotonicNs();
  const int64_t next_ns = dispatcher_ != nullptr ? dispatcher_->Step(now_ns) : kNever;
  TellOwner();
  int64_t wait_ns = std::min(next_ns - now_ns, kLongestWaitNs);
  const bool makes_more = dispatcher_ != nullptr && !dispatcher_->sending_stopped();
  if (makes_more && !unmade_.empty()) wait_ns = std::min(wait_ns, kSlowPreparerNs);
  turns_.WakeAt(world_->now_ns() + std::max<int64_t>(wait_ns, 1));
}

void SimIo::Granted(uint64_t granted, bool last) {
  dispatcher_->OnGranted(granted, last);
  low_water_ = dispatcher_->unsent() / 2;
  told_hungry_ = last;
}

bool SimIo::Hungry() const {
  const uint64_t unsent = dispatcher_->unsent();
  return unsent <= low_water_ && (unsent > 0 || dispatcher_->free_slots() > 0);
}

void SimIo::TellOwner() {
  if (dispatcher_ == nullptr) return;
  if (!dispatcher_->started() && !dispatcher_->sending_stopped()) return;
  if (!told_hungry_ && Hungry()) {
    told_hungry_ = true;
    callbacks_.on_hungry(dispatcher_->unsent(), dispatcher_->free_slots());
  }
  if (told_done_ || told_lapse_) return;
  if (dispatcher_->lapsed()) {
    told_lapse_ = true;
    callbacks_.on_lapse();
  } else if (dispatcher_->done()) {
    told_done_ = true;
    callbacks_.on_done(dispatcher_->totals());
  }
}

void SimIo::OnFinished(std::unique_ptr<Exchange> exchange) {
  dispatcher_->OnFinished(std::move(exchange));
}

}  // namespace drumfire::simulation
