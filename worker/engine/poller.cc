#include "worker/engine/poller.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/status/status.h"

namespace drumfire {
namespace {

constexpr int kBatch = 256;
// A deadline further away than this is looked at again in between; keeps timespec arithmetic far
// from its bounds.
constexpr int64_t kLongestSleepNs = 3600 * kNsPerSecond;

timespec ToTimespec(int64_t ns) {
  return {static_cast<time_t>(ns / kNsPerSecond), static_cast<long>(ns % kNsPerSecond)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Poller>> Poller::Create(const Clock& clock) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  const int wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  const int error = errno;
  auto poller = std::unique_ptr<Poller>(new Poller(clock, epoll_fd, wake_fd));
  if (epoll_fd < 0 || wake_fd < 0) return absl::ErrnoToStatus(error, "engine: no epoll");
  if (!poller->Watch(wake_fd, EPOLLIN, nullptr)) {
    return absl::ErrnoToStatus(errno, "engine: no epoll watch");
  }
  return poller;
}

Poller::Poller(const Clock& clock, int epoll_fd, int wake_fd)
    : clock_(clock), epoll_fd_(epoll_fd), wake_fd_(wake_fd), events_(kBatch) {}

Poller::~Poller() {
  if (epoll_fd_ >= 0) close(epoll_fd_);
  if (wake_fd_ >= 0) close(wake_fd_);
}

bool Poller::Watch(int fd, uint32_t epoll_events, IoHandler* handler) {
  epoll_event event{};
  event.events = epoll_events;
  event.data.ptr = handler;
  return epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::Forget(int fd, const IoHandler* handler) {
  epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  for (int i = next_; i < ready_; ++i) {
    if (events_[i].data.ptr == handler) events_[i].events = 0;
  }
}

void Poller::Wait(int64_t deadline_ns) {
  if (has_batch()) return;
  next_ = 0;
  // SIGSTOP and SIGCONT interrupt the wait; events that arrived meanwhile belong to this batch,
  // since it was late.
  do {
    const timespec timeout = ToTimespec(TimeLeftNs(deadline_ns));
    ready_ = epoll_pwait2(epoll_fd_, events_.data(), kBatch, &timeout, nullptr);
  } while (ready_ < 0 && errno == EINTR);
  ready_ = std::max(0, ready_);
  TakeOutWakeEvents();
}

void Poller::TakeOutWakeEvents() {
  for (int i = 0; i < ready_; ++i) {
    if (events_[i].data.ptr != nullptr) continue;
    DrainWake();
    events_[i].events = 0;
  }
}

void Poller::DrainWake() {
  uint64_t count;
  [[maybe_unused]] const ssize_t got = read(wake_fd_, &count, sizeof(count));
}

void Poller::SleepUntil(int64_t deadline_ns) {
  pollfd wake{wake_fd_, POLLIN, 0};
  const timespec timeout = ToTimespec(TimeLeftNs(deadline_ns));
  if (ppoll(&wake, 1, &timeout, nullptr) > 0) DrainWake();
}

bool Poller::HandleNext() {
  while (has_batch()) {
    const epoll_event& event = events_[next_++];
    if (event.events == 0) continue;
    static_cast<IoHandler*>(event.data.ptr)->OnIo(event.events);
    return true;
  }
  return false;
}

void Poller::Wake() {
  const uint64_t one = 1;
  // Fails only when the counter is full, and then a wake-up is pending anyway.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof(one));
}

int64_t Poller::TimeLeftNs(int64_t deadline_ns) const {
  const int64_t now_ns = clock_.MonotonicNs();
  return deadline_ns <= now_ns ? 0 : std::min(deadline_ns - now_ns, kLongestSleepNs);
}

}  // namespace drumfire
