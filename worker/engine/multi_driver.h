// A libcurl multi handle driven by an engine's poller and timers. Its sockets are in a separate
// epoll, which is watched like a socket, so that they can come and go without affecting the
// engine's batch.
//
// One thread. Handles are added and removed by the caller with curl_multi_add_handle /
// _remove_handle on multi().
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "worker/engine/poller.h"
#include "worker/engine/timer_heap.h"

namespace drumfire {

// Called from the driver's IoHandler and Timer callbacks; may add and remove handles.
class MultiListener {
 public:
  virtual ~MultiListener() = default;
  virtual void OnTransferDone(CURL* easy, CURLcode result) = 0;
};

class MultiDriver : public IoHandler, public Timer {
 public:
  // poller, timers, clock and listener are not owned and must outlive it. ResourceExhausted without
  // descriptors.
  static absl::StatusOr<std::unique_ptr<MultiDriver>> Create(const Clock& clock, Poller* poller,
                                                             TimerHeap* timers,
                                                             MultiListener* listener);
  // All easy handles must have been removed.
  ~MultiDriver() override;

  CURLM* multi() const { return multi_; }
  // Whether sockets acknowledge received segments at once (TCP_QUICKACK).
  void set_quick_ack(bool quick_ack) { quick_ack_ = quick_ack; }

  void OnIo(uint32_t epoll_events) override;
  void OnTimer(int64_t now_ns) override;

 private:
  MultiDriver(const Clock& clock, Poller* poller, TimerHeap* timers, MultiListener* listener,
              int epoll_fd);
  static int SocketCallback(CURL* easy, curl_socket_t fd, int what, void* driver, void* known);
  static int TimerCallback(CURLM* multi, long timeout_ms, void* driver);
  void WatchSocket(curl_socket_t fd, int what, bool known);
  void Act(curl_socket_t fd, int curl_events);
  void ReportDone();

  const Clock& clock_;
  Poller* const poller_;
  TimerHeap* const timers_;
  MultiListener* const listener_;
  const int epoll_fd_;
  CURLM* const multi_;
  bool quick_ack_ = false;
  int64_t deadline_ns_ = kNever;  // libcurl's current deadline; the armed one may be earlier
};

}  // namespace drumfire
