#include "worker/dispatch/io_thread.h"

#include <algorithm>
#include <utility>

namespace drumfire {
namespace {

// Without anything due the loop still turns so often, so that time limits of a phase are kept even
// if a wake-up were lost.
constexpr int64_t kLongestWaitNs = 50 * kNsPerMs;

}  // namespace

absl::StatusOr<std::unique_ptr<IoThread>> IoThread::Create(const v1::Plan& plan, const Clock& clock,
                                                           const Lease* lease,
                                                           IoCallbacks callbacks) {
  std::unique_ptr<IoThread> io(new IoThread(clock, lease, std::move(callbacks)));
  auto engine = MakeEngine(plan, clock, io.get());
  if (!engine.ok()) return engine.status();
  io->engine_ = *std::move(engine);
  io->thread_ = std::thread([raw = io.get()] { raw->Run(); });
  return io;
}

IoThread::~IoThread() { Stop(); }

void IoThread::Stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  engine_->Wake();
  thread_.join();
}

void IoThread::Post(std::function<void()> task) {
  tasks_.PushWhenRoom(std::move(task));
  engine_->Wake();
}

void IoThread::BeginPhase(const PhaseSettings& settings, ReadyQueue* queue) {
  dispatcher_ = std::make_unique<Dispatcher>(settings, engine_.get(), queue, lease_,
                                             &usage_refusal_, callbacks_.on_record);
  told_hungry_ = true;
  told_done_ = false;
  told_lapse_ = false;
}

void IoThread::Granted(uint64_t granted, bool last) {
  dispatcher_->OnGranted(granted, last);
  low_water_ = dispatcher_->unsent() / 2;
  told_hungry_ = last;
}

bool IoThread::Hungry() const {
  const uint64_t unsent = dispatcher_->unsent();
  return unsent <= low_water_ && (unsent > 0 || dispatcher_->free_slots() > 0);
}

void IoThread::OnFinished(std::unique_ptr<Exchange> exchange) {
  dispatcher_->OnFinished(std::move(exchange));
}

void IoThread::Run() {
  while (!stopping_) {
    RunTasks();
    Turn();
  }
  if (dispatcher_ != nullptr) dispatcher_->Cancel();
}

void IoThread::RunTasks() {
  for (const auto& task : tasks_.TakeAll()) task();
}

void IoThread::Turn() {
  const int64_t now_ns = clock_.MonotonicNs();
  const int64_t next_ns = dispatcher_ != nullptr ? dispatcher_->Step(now_ns) : kNever;
  TellOwner();
  const int64_t wait_from_ns = clock_.MonotonicNs();
  if (engine_->woke_ns() > 0) callbacks_.on_turn(engine_->woke_ns(), wait_from_ns);
  WaitUntil(next_ns);
}

void IoThread::WaitUntil(int64_t next_ns) {
  const int64_t wait_from_ns = clock_.MonotonicNs();
  const bool is_busy = dispatcher_ != nullptr && engine_->in_flight() > 0;
  const int64_t latest_ns =
      std::min(wait_from_ns + kLongestWaitNs, ticks_.Arm(wait_from_ns, is_busy));
  engine_->Poll(std::min(next_ns, latest_ns), next_ns < latest_ns);
  const int64_t late_ns = ticks_.LateNs(engine_->woke_ns());
  if (late_ns >= 0 && callbacks_.on_tick) callbacks_.on_tick(late_ns);
}

void IoThread::TellOwner() {
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
    callbacks_.on_done(dispatcher_->totals(), dispatcher_->slot_waits());
  }
}

}  // namespace drumfire
