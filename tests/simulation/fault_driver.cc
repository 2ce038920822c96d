#include "tests/simulation/fault_driver.h"

#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kLongestJoinNs = 1500 * kNsPerMs;
constexpr int64_t kLongestWriteNs = 2 * kNsPerSecond;
constexpr int64_t kLongestWallJumpNs = 3600 * kNsPerSecond;

}  // namespace

FaultDriver::FaultDriver(const Scenario& scenario, World* world, Network* network,
                         RecordStreams* records, const std::vector<SimWorker*>& workers,
                         SimStops* stops, testutil::FakeDisk* disk)
    : scenario_(scenario),
      world_(world),
      network_(network),
      records_(records),
      workers_(workers),
      stops_(stops),
      disk_(disk),
      begin_ns_(world->now_ns()) {}

void FaultDriver::Schedule() {
  StartWorkers();
  ScheduleLinkFaults();
  ScheduleWorkerFaults();
  ScheduleCoordinatorFaults();
}

int64_t FaultDriver::Soon() { return begin_ns_ + world_->draws().Between(0, kFaultsUntilNs); }

uint32_t FaultDriver::AnyWorker() {
  return static_cast<uint32_t>(world_->draws().Between(0, scenario_.workers - 1));
}

void FaultDriver::Times(Fault fault, const std::function<void()>& strike) {
  if (!scenario_.faults.Has(fault)) return;
  for (int64_t times = world_->draws().Between(1, 2); times > 0; --times) {
    world_->At(Soon(), [this, fault, strike] {
      world_->Note(NameOf(fault), 0);
      strike();
    });
  }
}

void FaultDriver::StartWorkers() {
  for (SimWorker* worker : workers_) {
    const bool joins_late = scenario_.faults.Has(Fault::kLateJoin) && world_->draws().Chance(0.5);
    world_->After(joins_late ? world_->draws().Between(0, kLongestJoinNs) : 0,
                  [worker] { worker->Start(); });
  }
}

void FaultDriver::ScheduleLinkFaults() {
  Times(Fault::kClog, [this] { Clog(); });
  Times(Fault::kSplit, [this] { Split(); });
  Times(Fault::kBreak, [this] { Break(); });
  Times(Fault::kRecordStall, [this] {
    records_->BlockUntil(world_->now_ns() + world_->draws().Between(0, 2 * kNsPerSecond));
  });
}

// One that only the coordinator hears of lets nothing more through to the worker for a while.
void FaultDriver::Break() {
  Draws& draws = world_->draws();
  const uint32_t worker = AnyWorker();
  const auto heard_by = static_cast<Direction>(draws.Between(0, 2));
  if (heard_by == Direction::kToCoordinator) {
    network_->BlockUntil(worker, Direction::kToWorker,
                         world_->now_ns() + draws.Between(0, scenario_.lease_ns));
  }
  network_->Break(worker, heard_by);
}

// A random part of the links, one by one, each for its own time.
void FaultDriver::Clog() {
  Draws& draws = world_->draws();
  for (uint32_t worker = 0; worker < scenario_.workers; ++worker) {
    if (!draws.Chance(0.6)) continue;
    world_->After(draws.Between(0, scenario_.lease_ns / 4), [this, worker] {
      const int64_t until_ns =
          world_->now_ns() + world_->draws().Between(0, scenario_.lease_ns * 3 / 4);
      network_->BlockUntil(worker, Direction::kBoth, until_ns);
    });
  }
}

void FaultDriver::Split() {
  Draws& draws = world_->draws();
  const int64_t until_ns = world_->now_ns() + draws.Between(0, 2 * scenario_.lease_ns);
  const uint32_t worker = AnyWorker();
  network_->BlockUntil(worker, static_cast<Direction>(draws.Between(0, 2)), until_ns);
}

void FaultDriver::ScheduleWorkerFaults() {
  Times(Fault::kCrash, [this] { Crash(); });
  Times(Fault::kPause, [this] { Pause(); });
  Times(Fault::kRestart, [this] {
    const uint32_t worker = AnyWorker();
    workers_[worker]->Crash();
    network_->Break(worker, Direction::kToCoordinator);
    world_->After(world_->draws().Between(0, scenario_.lease_ns),
                  [this, worker] { workers_[worker]->Start(); });
  });
  Times(Fault::kWallJump, [this] {
    const int64_t jump_ns = world_->draws().Between(-kLongestWallJumpNs, kLongestWallJumpNs);
    workers_[AnyWorker()]->StepWall(jump_ns);
    if (world_->draws().Chance(0.3)) world_->StepWall(jump_ns);
  });
}

// The process is killed, which its system tells the peer; or the whole host is, and nobody tells.
void FaultDriver::Crash() {
  const uint32_t worker = AnyWorker();
  workers_[worker]->Crash();
  if (world_->draws().Chance(0.5)) network_->Break(worker, Direction::kToCoordinator);
}

void FaultDriver::Pause() {
  const uint32_t worker = AnyWorker();
  if (!workers_[worker]->is_up()) return;
  workers_[worker]->Pause();
  world_->After(world_->draws().Between(0, 2 * scenario_.lease_ns),
                [this, worker] { workers_[worker]->Resume(); });
}

void FaultDriver::ScheduleCoordinatorFaults() {
  Times(Fault::kKill, [this] { network_->KillCoordinator(); });
  Times(Fault::kStall, [this] {
    network_->StallUntil(world_->now_ns() + world_->draws().Between(0, 2 * scenario_.lease_ns));
  });
  if (scenario_.faults.Has(Fault::kInterrupt)) world_->At(Soon(), [this] { stops_->Request(); });
  if (scenario_.faults.Has(Fault::kDoubleInterrupt)) {
    for (int i = 0; i < 2; ++i) world_->At(Soon(), [this] { stops_->Request(); });
  }
  Times(Fault::kDiskFull, [this] {
    disk_->capacity_bytes =
        disk_->bytes.size() + static_cast<size_t>(world_->draws().Between(0, 200));
  });
  if (scenario_.faults.Has(Fault::kShortWrites)) disk_->append_at_most_bytes = 13;
  Times(Fault::kSyncFails, [this] { disk_->sync_fails = true; });
  Times(Fault::kSlowDisk, [this] {
    disk_->stand_until(world_->now_ns() + world_->draws().Between(0, kLongestWriteNs));
  });
}

}  // namespace drumfire::simulation
