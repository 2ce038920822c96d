// The control streams of a simulated fleet: SimLinks is what the coordinator sees of them. Each is
// in order, as TCP is; beyond what TCP does, messages may be lost, repeated or changed, to see it
// noticed.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/fleet/control_links.h"
#include "tests/simulation/channel.h"
#include "tests/simulation/sim_worker.h"

namespace drumfire::simulation {

// The coordinator's process was killed: thrown through it, and nothing of it runs any more.
struct CoordinatorKilled {};
// An invariant is violated: no need to go on.
struct RunFailed {};

enum class Direction { kBoth, kToWorker, kToCoordinator };

class Stream : public ControlEnd {
 public:
  // To the process at worker, which the fleet knows by number and epoch. Nothing is owned; the
  // stream must outlive the world's events.
  Stream(const Scenario& scenario, uint32_t number, uint64_t epoch, World* world, SimWorker* worker,
         std::deque<FleetEvent>* inbox);

  // --- the coordinator's end ---
  void Dial();
  void SendDown(v1::CoordinatorMessage message);
  void CloseAfterWrites();
  // Ends it for the coordinator at once; the worker hears of it unless nothing gets through.
  void Abandon();

  // --- the worker's end ---
  void Send(v1::WorkerMessage message) override;
  void Finish() override;

  // --- faults ---
  void BlockUntil(Direction direction, int64_t time_ns);
  void Break(Direction heard_by);

 private:
  struct Down {
    v1::CoordinatorMessage message;
    bool is_end = false;
  };
  struct Up {
    v1::WorkerMessage message;
    std::string end;  // why the stream ended; empty = it did not
  };

  void Push(Down parcel);
  void Push(Up parcel);
  void ArriveDown(Down parcel);
  void ArriveUp(Up parcel);
  template <typename Parcel>
  void PushWithFaults(Parcel parcel, std::optional<Parcel>* held);
  bool Strikes(Fault fault, double share);
  int64_t DrawLatency(bool is_start);
  void Tamper(v1::CoordinatorMessage* message);
  void Tamper(v1::WorkerMessage* message);
  void Answer(const v1::WorkerMessage& message);

  const Scenario& scenario_;
  const uint32_t number_;
  const uint64_t epoch_;
  World* const world_;
  SimWorker* const worker_;
  std::deque<FleetEvent>* const inbox_;
  Channel<Down> down_;
  Channel<Up> up_;
  bool connected_ = false;
  bool ended_here_ = false;   // at the coordinator
  bool ended_there_ = false;  // at the worker
  std::vector<Down> before_connect_;
  std::optional<Down> held_down_;  // to change places with the next
  std::optional<Up> held_up_;
  // What mutations need.
  uint64_t last_number_ = 0;
  uint64_t extra_numbers_ = 0;
  uint64_t swallowed_ = 0;
  uint32_t most_slots_ = 0;
  bool was_tampered_ = false;
  bool is_started_ = false;
};

// A worker keeps its place (by which faults know it) when it comes back under another number.
class Network {
 public:
  Network(const Scenario& scenario, World* world, const std::vector<SimWorker*>& workers,
          Checker* checker);

  // --- the coordinator's end ---
  void Dial(uint32_t number, uint64_t epoch, uint32_t place);
  Stream& stream(uint32_t number) { return *by_number_.at(number); }
  std::optional<FleetEvent> Receive(int64_t wait_ns);
  // Receive returns without an event, one time, if none waits.
  void Wake() { woken_ = true; }
  // Lets the time pass for the coordinator; throws when it is killed meanwhile, or the run failed.
  bool StepUntil(int64_t until_ns);

  // --- faults ---
  void BlockUntil(uint32_t place, Direction direction, int64_t time_ns);
  void Break(uint32_t place, Direction heard_by);
  void KillCoordinator() { killed_ = true; }
  void StallUntil(int64_t time_ns) { stalled_until_ns_ = time_ns; }
  // Its end of every stream is closed by the system.
  void OnCoordinatorGone();

 private:
  struct Place {
    SimWorker* worker = nullptr;
    Stream* latest = nullptr;
    int64_t down_blocked_until_ns = 0;
    int64_t up_blocked_until_ns = 0;
  };

  const Scenario& scenario_;
  World* const world_;
  Checker* const checker_;
  std::deque<FleetEvent> inbox_;
  std::vector<Place> places_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::map<uint32_t, Stream*> by_number_;
  bool killed_ = false;
  bool woken_ = false;
  int64_t stalled_until_ns_ = 0;
};

// For the fleet to own.
class SimLinks : public ControlLinks {
 public:
  SimLinks(Network* network, Checker* checker) : network_(network), checker_(checker) {}

  void Dial(uint32_t worker, uint64_t epoch, const std::string& address) override;
  void Send(uint32_t worker, v1::CoordinatorMessage message) override;
  std::optional<FleetEvent> Receive(absl::Duration wait) override {
    return network_->Receive(absl::ToInt64Nanoseconds(wait));
  }
  void Wake() override { network_->Wake(); }
  void CloseAfterWrites(uint32_t worker) override { network_->stream(worker).CloseAfterWrites(); }
  void Abandon(uint32_t worker) override { network_->stream(worker).Abandon(); }

 private:
  Network* const network_;
  Checker* const checker_;
};

}  // namespace drumfire::simulation
