// The one thread that all fake workers of a process live on: tasks from other threads, times to
// wake at, descriptors to watch.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/mailbox/mailbox.h"
#include "common/record/wake_event.h"

namespace drumfire::fleet_sim {

// Whoever wants to be woken at a time; has one such time at most. The loop's thread.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  virtual void OnWake() = 0;

 private:
  friend class SharedThread;
  int64_t wake_ns_ = INT64_MAX;
};

class SharedThread {
 public:
  // clock must outlive the loop. RESOURCE_EXHAUSTED without a descriptor.
  static absl::StatusOr<std::unique_ptr<SharedThread>> Create(const Clock& clock);

  // --- any thread ---
  // In order; waits while kMaxTasks are to be run. Not the loop's thread.
  static constexpr size_t kMaxTasks = 1 << 16;
  void Post(std::function<void()> task);

  // --- the loop's thread ---
  // Wakes the sleeper at wake_ns (monotonic) or at an earlier time it has already. It must be
  // forgotten before its end.
  void WakeAt(Sleeper* sleeper, int64_t wake_ns);
  void Forget(Sleeper* sleeper);
  // Calls on_turn in every turn, and has a turn when the descriptor (-1 = none) becomes readable.
  // on_turn must take all there is.
  void Watch(const void* owner, int descriptor, std::function<void()> on_turn);
  void Unwatch(const void* owner) { watches_.erase(owner); }

  // Turns until stop says so; it is asked at least every 50 ms.
  void Run(const std::function<bool()>& stop);
  // What was posted by now, without a turn.
  void RunTasks();

 private:
  struct Watched {
    int descriptor;
    std::function<void()> on_turn;
  };

  SharedThread(const Clock& clock, WakeEvent wake) : clock_(clock), wake_(std::move(wake)) {}
  void WakeDue();
  void Wait();

  const Clock& clock_;
  WakeEvent wake_;
  std::atomic<bool> signalled_ = false;
  Mailbox<std::function<void()>> tasks_{kMaxTasks};
  std::set<std::pair<int64_t, Sleeper*>> sleepers_;
  std::map<const void*, Watched> watches_;
};

}  // namespace drumfire::fleet_sim
