// epoll and absolute timers in one loop. All methods but Stop belong to the loop's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "tools/mock_server/fd_timer_heap.h"

namespace drumfire::mock {

class EventHandler {
 public:
  virtual ~EventHandler() = default;
  // `events`: from epoll. May be called spuriously, so expect EAGAIN.
  virtual void OnIo(uint32_t events) = 0;
  // A time passed to Arm() has been reached.
  virtual void OnTimer(int64_t due_ns) = 0;
};

class ServerLoop {
 public:
  // `clock` must outlive the loop. `spin`: poll without ever sleeping.
  static absl::StatusOr<std::unique_ptr<ServerLoop>> Create(const Clock* clock, bool spin);
  ~ServerLoop();
  ServerLoop(const ServerLoop&) = delete;
  ServerLoop& operator=(const ServerLoop&) = delete;

  // The handler must live until Remove. The caller keeps the descriptor.
  absl::Status Add(int fd, uint32_t events, EventHandler* handler);
  void Modify(int fd, uint32_t events);
  // Removes the descriptor and its timers; call before closing it.
  void Remove(int fd);
  // Calls OnTimer of the descriptor's handler at `due_ns` (CLOCK_MONOTONIC), once per call of Arm.
  void Arm(int fd, int64_t due_ns);

  // Waits for an event, at most until the next timer, and handles it.
  void RunOnce();
  bool stopped() const { return stopped_; }
  // Ends the current and all later waits. Any thread, including signal handlers.
  void Stop();

 private:
  struct Owner {
    EventHandler* handler = nullptr;
    uint32_t generation = 0;
  };

  ServerLoop(const Clock* clock, bool spin, int epoll_fd, int stop_fd)
      : clock_(*clock), spin_(spin), epoll_fd_(epoll_fd), stop_fd_(stop_fd) {}
  void FireTimers();
  void Wait();

  const Clock& clock_;
  const bool spin_;
  const int epoll_fd_;
  const int stop_fd_;  // eventfd
  bool stopped_ = false;
  std::vector<Owner> owners_;  // by descriptor
  FdTimerHeap timers_;
};

}  // namespace drumfire::mock
