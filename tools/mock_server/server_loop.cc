#include "tools/mock_server/server_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace drumfire::mock {
namespace {

constexpr int kEventsPerWait = 256;
// So many timers at most before sockets are looked at again: arrivals should be stamped soon.
constexpr int kTimersPerTurn = 64;

int Control(int epoll_fd, int operation, int fd, uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  return epoll_ctl(epoll_fd, operation, fd, &event);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerLoop>> ServerLoop::Create(const Clock* clock, bool spin) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  const int stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::unique_ptr<ServerLoop> loop(new ServerLoop(clock, spin, epoll_fd, stop_fd));
  if (epoll_fd < 0 || stop_fd < 0 || Control(epoll_fd, EPOLL_CTL_ADD, stop_fd, EPOLLIN) != 0) {
    return absl::ErrnoToStatus(errno, "cannot make an event loop");
  }
  return loop;
}

ServerLoop::~ServerLoop() {
  if (epoll_fd_ >= 0) close(epoll_fd_);
  if (stop_fd_ >= 0) close(stop_fd_);
}

absl::Status ServerLoop::Add(int fd, uint32_t events, EventHandler* handler) {
  if (Control(epoll_fd_, EPOLL_CTL_ADD, fd, events) != 0) {
    return absl::ErrnoToStatus(errno, "epoll_ctl");
  }
  if (owners_.size() <= static_cast<size_t>(fd)) owners_.resize(static_cast<size_t>(fd) + 1);
  owners_[static_cast<size_t>(fd)].handler = handler;
  return absl::OkStatus();
}

void ServerLoop::Modify(int fd, uint32_t events) { Control(epoll_fd_, EPOLL_CTL_MOD, fd, events); }

void ServerLoop::Remove(int fd) {
  Control(epoll_fd_, EPOLL_CTL_DEL, fd, 0);
  Owner& owner = owners_[static_cast<size_t>(fd)];
  owner.handler = nullptr;
  ++owner.generation;
}

void ServerLoop::Arm(int fd, int64_t due_ns) {
  timers_.Push({due_ns, fd, owners_[static_cast<size_t>(fd)].generation});
}

void ServerLoop::RunOnce() {
  FireTimers();
  Wait();
}

void ServerLoop::Stop() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_fd_, &one, sizeof(one));
}

void ServerLoop::FireTimers() {
  for (int i = 0; i < kTimersPerTurn && timers_.next_due_ns() <= clock_.MonotonicNs(); ++i) {
    const FdTimer timer = timers_.Pop();
    const Owner owner = owners_[static_cast<size_t>(timer.fd)];
    if (owner.handler != nullptr && owner.generation == timer.generation) {
      owner.handler->OnTimer(timer.due_ns);
    }
  }
}

void ServerLoop::Wait() {
  const int64_t due_ns = timers_.next_due_ns();
  const int64_t left_ns = spin_ ? 0 : std::max<int64_t>(0, due_ns - clock_.MonotonicNs());
  const timespec timeout = {.tv_sec = left_ns / kNsPerSecond, .tv_nsec = left_ns % kNsPerSecond};
  const bool forever = due_ns == kNeverNs && !spin_;
  epoll_event events[kEventsPerWait];
  const int count =
      epoll_pwait2(epoll_fd_, events, kEventsPerWait, forever ? nullptr : &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    const int fd = events[i].data.fd;
    if (fd == stop_fd_) {
      stopped_ = true;
      continue;
    }
    EventHandler* const handler = owners_[static_cast<size_t>(fd)].handler;
    if (handler != nullptr) handler->OnIo(events[i].events);
  }
}

}  // namespace drumfire::mock
