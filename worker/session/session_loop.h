// One control stream's session as a loop without a thread (common/loop): messages in, heartbeats
// and ticks by time, the stream finished once the session is over.
#pragma once

#include <cstdint>

#include "common/control/outbox.h"
#include "common/loop/loop.h"
#include "worker/session/session.h"

namespace drumfire {

// The worker's end of a control stream. Never waits.
class ControlEnd {
 public:
  virtual ~ControlEnd() = default;
  virtual void Send(v1::WorkerMessage message) = 0;
  // How far the coordinator is in taking what was sent; by default it takes all at once.
  virtual OutboxState outbox() const { return {}; }
  // Ends the stream once all that was sent is written.
  virtual void Finish() = 0;
};

class SessionLoop : public Loop {
 public:
  // Neither is owned. end must reach the coordinator until the stream is closed.
  SessionLoop(SessionHost* host, ControlEnd* end) : host_(host), end_(end), session_(host) {}

  void OnMessage(const v1::CoordinatorMessage& message, int64_t now_ns) {
    session_.OnMessage(message, now_ns);
  }
  // The stream has ended: nothing can be sent any more.
  void OnStreamClosed();
  int64_t Step(int64_t now_ns) override;

  Session& session() { return session_; }
  // The run is over and everything it held is freed.
  bool closed() const { return session_.closed(); }
  // The same, and the stream is gone.
  bool done() const { return stream_is_closed_; }

 private:
  SessionHost* const host_;
  ControlEnd* const end_;
  Session session_;
  void WatchOutbox(int64_t now_ns);

  uint64_t written_ = 0;   // when last looked at
  int64_t taken_ns_ = -1;  // the coordinator took a message, or there was none to take
  bool is_finished_ = false;
  bool stream_is_closed_ = false;
};

}  // namespace drumfire
