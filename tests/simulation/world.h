// The world of a simulated fleet: one clock, one queue of events, one source of chance. Everything
// that happens is an event at a time; a seed decides all of it. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "common/random/random.h"
#include "google/protobuf/message.h"

namespace drumfire::simulation {

// Chance, from a seed. concern keeps draws apart that must not disturb each other.
class Draws {
 public:
  enum class Concern : uint32_t { kScenario = 1000, kFaults, kWorld, kBuggify };

  Draws(uint64_t seed, Concern concern)
      : random_(seed, static_cast<RandomStream>(concern), /*index=*/0) {}

  bool Chance(double share) { return random_.Uniform() < share; }
  // Both ends may come.
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(high - low) + 1));
  }
  double Exponential() { return random_.Exponential(); }

 private:
  Random random_;
};

class World : public Clock {
 public:
  explicit World(uint64_t seed) : draws_(seed, Draws::Concern::kWorld) {}

  int64_t MonotonicNs() const override { return now_ns_; }
  int64_t WallNs() const override;
  int64_t now_ns() const { return now_ns_; }
  void StepWall(int64_t ns) { wall_step_ns_ += ns; }

  // Events of the same time happen in the order in which they were asked for. A time that is over
  // means now.
  void At(int64_t time_ns, std::function<void()> event);
  void After(int64_t delay_ns, std::function<void()> event) {
    At(now_ns_ + delay_ns, std::move(event));
  }
  // Lets the next event happen. False when there is none up to until_ns, which is the time then.
  bool StepUntil(int64_t until_ns);
  void RunUntil(int64_t until_ns) {
    while (StepUntil(until_ns)) continue;
  }

  Draws& draws() { return draws_; }
  // Into the trace: what happened to whom, now.
  void Note(absl::string_view what, uint64_t who, uint64_t detail = 0);
  uint64_t trace_hash() const { return trace_hash_; }
  uint64_t steps() const { return steps_; }
  // With the trace: what a message says. For people; no part of the hash.
  void Tell(const google::protobuf::Message& message) const;
  // Prints each note.
  void set_talks(bool talks) { talks_ = talks; }

 private:
  struct Event {
    int64_t time_ns;
    uint64_t number;
    std::function<void()> happen;
  };
  static bool IsLater(const Event& a, const Event& b);

  Draws draws_;
  int64_t now_ns_ = 5 * kNsPerSecond;  // no stamp is near zero
  int64_t wall_step_ns_ = 0;
  std::vector<Event> events_;  // a heap, the next one first
  uint64_t last_number_ = 0;
  uint64_t steps_ = 0;
  uint64_t trace_hash_ = 14695981039346656037u;
  bool talks_ = false;
};

// A host's clocks: as the world's, but from another zero.
class HostClock : public Clock {
 public:
  // world is not owned.
  HostClock(const World* world, int64_t offset_ns) : world_(world), offset_ns_(offset_ns) {}
  int64_t MonotonicNs() const override { return world_->MonotonicNs() + offset_ns_; }
  int64_t WallNs() const override { return world_->WallNs() + wall_step_ns_; }
  void StepWall(int64_t ns) { wall_step_ns_ += ns; }
  int64_t ToWorld(int64_t monotonic_ns) const { return monotonic_ns - offset_ns_; }

 private:
  const World* const world_;
  const int64_t offset_ns_;
  int64_t wall_step_ns_ = 0;
};

}  // namespace drumfire::simulation
