// One epoll with all sockets of an engine, precise sleep until a due time, and wake-up from other
// threads. Ready sockets arrive in batches and are dispatched one by one, so that the engine can
// stop between two of them when a send is due.
//
// One thread, except for Wake. A handler must be removed before it is destroyed.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"

namespace drumfire {

class IoHandler {
 public:
  virtual ~IoHandler() = default;
  virtual void OnIo(uint32_t epoll_events) = 0;
};

class Poller {
 public:
  // ResourceExhausted if no descriptors are left.
  static absl::StatusOr<std::unique_ptr<Poller>> Create(const Clock& clock);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  // Watches fd for epoll_events (with EPOLLET if wanted). False with errno if the kernel refuses.
  bool Watch(int fd, uint32_t epoll_events, IoHandler* handler);
  // Stops watching; events of the handler still in the batch are dropped. Call before closing fd.
  void Forget(int fd, const IoHandler* handler);

  // Loads the next batch once the previous one is dispatched: waits until deadline_ns (monotonic),
  // the first event or Wake. With a past deadline it polls without waiting.
  void Wait(int64_t deadline_ns);
  // Sleeps like Wait but ignores the sockets; only Wake ends it early.
  void SleepUntil(int64_t deadline_ns);
  // Dispatches the batch's next event to its handler; false if none is left.
  bool HandleNext();
  bool has_batch() const { return next_ < ready_; }

  // Ends the current or next Wait or SleepUntil. Any thread.
  void Wake();

 private:
  Poller(const Clock& clock, int epoll_fd, int wake_fd);
  int64_t TimeLeftNs(int64_t deadline_ns) const;
  void TakeOutWakeEvents();
  void DrainWake();

  const Clock& clock_;
  const int epoll_fd_;
  const int wake_fd_;
  std::vector<epoll_event> events_;
  int ready_ = 0;
  int next_ = 0;
};

}  // namespace drumfire
