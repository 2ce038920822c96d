#include "tools/fleet_sim/fake_fleet.h"

#include <utility>

#include "tools/fleet_sim/fake_worker.h"

namespace drumfire::fleet_sim {

FakeFleet::FakeFleet(FleetSettings settings, const Clock& clock, SharedThread* thread)
    : settings_(std::move(settings)),
      clock_(clock),
      thread_(thread),
      loops_(thread, clock),
      links_(settings_.host, thread) {}

FakeFleet::~FakeFleet() { thread_->Forget(this); }

std::shared_ptr<FakeWorker> FakeFleet::NewWorker() {
  auto worker = std::make_shared<FakeWorker>(this);
  thread_->Post([this, worker] {
    ++figures_.streams;
    worker->Begin();
    workers_.insert(worker);
  });
  return worker;
}

void FakeFleet::OnStart(int64_t now_ns) {
  if (settings_.drop_all_after_ns < 0 || std::exchange(is_drop_planned_, true)) return;
  thread_->WakeAt(this, now_ns + settings_.drop_all_after_ns);
}

void FakeFleet::OnWake() {
  for (const auto& worker : workers_) worker->Drop();
}

}  // namespace drumfire::fleet_sim
