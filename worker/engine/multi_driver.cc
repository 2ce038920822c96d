#include "worker/engine/multi_driver.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "worker/engine/quick_ack.h"

namespace drumfire {
namespace {

constexpr int kEventsPerCall = 64;

int ToCurlEvents(uint32_t epoll_events) {
  int events = 0;
  if ((epoll_events & EPOLLIN) != 0) events |= CURL_CSELECT_IN;
  if ((epoll_events & EPOLLOUT) != 0) events |= CURL_CSELECT_OUT;
  if ((epoll_events & (EPOLLERR | EPOLLHUP)) != 0) events |= CURL_CSELECT_ERR;
  return events;
}

uint32_t ToEpollEvents(int what) {
  uint32_t events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  return events;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MultiDriver>> MultiDriver::Create(const Clock& clock, Poller* poller,
                                                                 TimerHeap* timers,
                                                                 MultiListener* listener) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) return absl::ErrnoToStatus(errno, "engine: no epoll for connects");
  auto driver =
      std::unique_ptr<MultiDriver>(new MultiDriver(clock, poller, timers, listener, epoll_fd));
  if (driver->multi_ == nullptr) return absl::ResourceExhaustedError("engine: no libcurl multi");
  if (!poller->Watch(epoll_fd, EPOLLIN, driver.get())) {
    return absl::ErrnoToStatus(errno, "engine: no epoll watch for connects");
  }
  return driver;
}

MultiDriver::MultiDriver(const Clock& clock, Poller* poller, TimerHeap* timers,
                         MultiListener* listener, int epoll_fd)
    : clock_(clock),
      poller_(poller),
      timers_(timers),
      listener_(listener),
      epoll_fd_(epoll_fd),
      multi_(curl_multi_init()) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &MultiDriver::SocketCallback);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &MultiDriver::TimerCallback);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

MultiDriver::~MultiDriver() {
  poller_->Forget(epoll_fd_, this);
  curl_multi_cleanup(multi_);
  close(epoll_fd_);
}

void MultiDriver::OnIo(uint32_t) {
  epoll_event events[kEventsPerCall];
  const int ready = epoll_wait(epoll_fd_, events, kEventsPerCall, 0);
  for (int i = 0; i < ready; ++i) Act(events[i].data.fd, ToCurlEvents(events[i].events));
  ReportDone();
}

void MultiDriver::OnTimer(int64_t now_ns) {
  if (now_ns < deadline_ns_) {
    timers_->ArmNoLaterThan(this, deadline_ns_);
    return;
  }
  deadline_ns_ = kNever;
  Act(CURL_SOCKET_TIMEOUT, 0);
  ReportDone();
}

int MultiDriver::SocketCallback(CURL*, curl_socket_t fd, int what, void* driver, void* known) {
  static_cast<MultiDriver*>(driver)->WatchSocket(fd, what, known != nullptr);
  return 0;
}

int MultiDriver::TimerCallback(CURLM*, long timeout_ms, void* driver) {
  auto* self = static_cast<MultiDriver*>(driver);
  self->deadline_ns_ = timeout_ms < 0 ? kNever : self->clock_.MonotonicNs() + timeout_ms * kNsPerMs;
  self->timers_->ArmNoLaterThan(self, self->deadline_ns_);
  return 0;
}

void MultiDriver::WatchSocket(curl_socket_t fd, int what, bool known) {
  epoll_event event{};
  event.data.fd = fd;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, &event);
    return;
  }
  // It asks for reads once the request is out.
  if (quick_ack_ && (what & CURL_POLL_IN) != 0) AcknowledgeAtOnce(fd);
  event.events = ToEpollEvents(what);
  epoll_ctl(epoll_fd_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
  if (!known) curl_multi_assign(multi_, fd, this);
}

void MultiDriver::Act(curl_socket_t fd, int curl_events) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, curl_events, &running);
}

void MultiDriver::ReportDone() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) {
      listener_->OnTransferDone(message->easy_handle, message->data.result);
    }
  }
}

}  // namespace drumfire
