#include "tools/fleet_sim/fake_fleet.h"

#include <utility>

#include "common/schedule/schedule.h"
#include "tools/fleet_sim/fake_worker.h"

namespace drumfire::fleet_sim {

FakeFleet::FakeFleet(FleetSettings settings, const Clock& clock, EventLoop* loop)
    : settings_(std::move(settings)), clock_(clock), loop_(loop), links_(settings_.host, loop) {}

FakeFleet::~FakeFleet() { loop_->Forget(this); }

std::shared_ptr<FakeWorker> FakeFleet::NewWorker() {
  auto worker = std::make_shared<FakeWorker>(this);
  loop_->Post([this, worker] {
    ++figures_.streams;
    workers_.insert(worker);
  });
  return worker;
}

absl::Status FakeFleet::Check(const v1::Plan& plan) const {
  if (settings_.speed_up == 1 && settings_.keep_records) return absl::OkStatus();
  for (const v1::Phase& phase : plan.phases()) {
    if (!IsOpenLoop(phase)) continue;
    return absl::InvalidArgumentError(
        "this fake worker (--speed-up, --no-records) takes closed loops only: an open loop goes by "
        "the coordinator's clock");
  }
  return absl::OkStatus();
}

void FakeFleet::OnStart(int64_t now_ns) {
  if (settings_.drop_all_after_ns < 0 || std::exchange(is_drop_planned_, true)) return;
  loop_->WakeAt(this, now_ns + settings_.drop_all_after_ns);
}

void FakeFleet::OnWake() {
  for (const auto& worker : workers_) worker->Drop();
}

}  // namespace drumfire::fleet_sim
