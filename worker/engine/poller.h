// One epoll with all sockets of an engine, the sleep before a due time, and the wake-up from other
// threads. Ready sockets come in batches and are handed out one by one, so that the engine can
// break off between two of them when a send is due.
//
// One thread, but for Wake. A handler must be forgotten before it dies.
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
  // ResourceExhausted when there are no descriptors left.
  static absl::StatusOr<std::unique_ptr<Poller>> Create(const Clock& clock);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  // Watches fd for epoll_events (with EPOLLET when wanted so). False with errno when the kernel
  // refuses.
  bool Watch(int fd, uint32_t epoll_events, IoHandler* handler);
  // Watches no more; events of the handler that still wait in the batch are dropped. Before fd is
  // closed.
  void Forget(int fd, const IoHandler* handler);

  // Loads the next batch once the one before is handed out: waits for it until deadline_ns
  // (monotonic), the first event or Wake. A deadline that has passed only looks.
  void Wait(int64_t deadline_ns);
  // Sleeps like Wait but leaves the sockets alone: only Wake ends it early.
  void SleepUntil(int64_t deadline_ns);
  // Gives the batch's next event to its handler; false when there is none left.
  bool HandleNext();
  bool has_batch() const { return next_ < ready_; }

  // Ends a running or the next Wait or SleepUntil. Any thread.
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
