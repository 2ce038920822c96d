// One control stream's life on the worker: its session, its load, and the thread both live on.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "common/mailbox/mailbox.h"
#include "worker/session/control_stream.h"
#include "worker/session/load_runner.h"

namespace drumfire {

// Whose a worker is.
struct RunOwner {
  std::string run_id;    // hex; empty before Hello
  std::string name;      // printable
  int64_t owned_ns = 0;  // so long already
};

class RunSession {
 public:
  // on_ended is called on the session's thread as its last act. chunks and clock are not owned.
  RunSession(LoadRunnerOptions options, ChunkStore* chunks, const Clock& clock,
             std::function<void()> on_ended);
  // Joins; the stream must be finished or cancelled before.
  ~RunSession();

  // gRPC's threads. A coordinator that sends kMaxQueuedMessages faster than they are taken has its
  // stream ended.
  void OnMessage(v1::CoordinatorMessage message);
  void OnStreamClosed();
  const std::shared_ptr<StreamHandle>& stream() const { return stream_; }
  // Ends the run from this side (the process was told to stop).
  void Stop();

  // The run is over and holds nothing: the worker may take another one. True before the
  // coordinator sees its stream end.
  bool ended() const { return ended_; }
  // Its thread has nothing left to do but return.
  bool done() const { return done_; }
  RunOwner owner() const;
  // Of the phase that runs or is being prepared; empty = none.
  std::string phase() const;

 private:
  void Run();
  void RunTasks();
  void PublishPhase();
  // Of our own threads: a few for each message and each tick.
  void Post(std::function<void()> task) { tasks_.PushAlways(std::move(task)); }

  const Clock& clock_;
  const int64_t began_ns_;
  const std::function<void()> on_ended_;
  const std::shared_ptr<StreamHandle> stream_ = std::make_shared<StreamHandle>();
  Mailbox<std::function<void()>> tasks_{kMaxQueuedMessages};
  LoadRunner load_;
  Session session_;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> done_ = false;
  std::atomic<bool> stream_closed_ = false;
  mutable std::mutex mutex_;
  RunOwner owner_;     // but for owned_ns; guarded by mutex_
  std::string phase_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace drumfire
