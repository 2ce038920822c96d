#include "tools/fleet_sim/shared_thread.h"

#include <poll.h>

#include <algorithm>

namespace drumfire::fleet_sim {
namespace {

constexpr int64_t kLongestWaitNs = 50 * kNsPerMs;

}  // namespace

absl::StatusOr<std::unique_ptr<SharedThread>> SharedThread::Create(const Clock& clock) {
  absl::StatusOr<WakeEvent> wake = WakeEvent::Create();
  if (!wake.ok()) return wake.status();
  return std::unique_ptr<SharedThread>(new SharedThread(clock, *std::move(wake)));
}

void SharedThread::Post(std::function<void()> task) {
  tasks_.PushWhenRoom(std::move(task));
  if (!signalled_.exchange(true)) wake_.Signal();
}

void SharedThread::WakeAt(Sleeper* sleeper, int64_t wake_ns) {
  if (wake_ns >= sleeper->wake_ns_) return;
  Forget(sleeper);
  sleeper->wake_ns_ = wake_ns;
  sleepers_.emplace(wake_ns, sleeper);
}

void SharedThread::Forget(Sleeper* sleeper) {
  if (sleeper->wake_ns_ == INT64_MAX) return;
  sleepers_.erase({sleeper->wake_ns_, sleeper});
  sleeper->wake_ns_ = INT64_MAX;
}

void SharedThread::Watch(const void* owner, int descriptor, std::function<void()> on_turn) {
  watches_[owner] = {descriptor, std::move(on_turn)};
}

void SharedThread::RunTasks() {
  // The flag first: what is pushed after the queue was emptied signals again.
  if (signalled_.exchange(false)) wake_.Clear();
  for (const auto& task : tasks_.TakeAll()) task();
}

// Those that are due by now; who wants to go on at once has to wait for the next turn.
void SharedThread::WakeDue() {
  const int64_t now_ns = clock_.MonotonicNs();
  std::vector<Sleeper*> due;
  while (!sleepers_.empty() && sleepers_.begin()->first <= now_ns) {
    due.push_back(sleepers_.begin()->second);
    Forget(due.back());
  }
  for (Sleeper* sleeper : due) sleeper->OnWake();
}

void SharedThread::Wait() {
  std::vector<pollfd> descriptors = {{wake_.descriptor(), POLLIN, 0}};
  for (const auto& [owner, watched] : watches_) {
    if (watched.descriptor >= 0) descriptors.push_back({watched.descriptor, POLLIN, 0});
  }
  int64_t wait_ns = kLongestWaitNs;
  if (!sleepers_.empty()) {
    wait_ns = std::clamp<int64_t>(sleepers_.begin()->first - clock_.MonotonicNs(), 0, wait_ns);
  }
  const timespec wait{0, wait_ns};
  ppoll(descriptors.data(), descriptors.size(), &wait, nullptr);
}

void SharedThread::Run(const std::function<bool()>& stop) {
  while (!stop()) {
    RunTasks();
    for (const auto& [owner, watched] : watches_) watched.on_turn();
    WakeDue();
    Wait();
  }
}

}  // namespace drumfire::fleet_sim
