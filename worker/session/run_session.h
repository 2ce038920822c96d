// One control stream's life on the worker: its session and its run on a thread, and the run's owner
// for whoever asks.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "common/loop/loop_thread.h"
#include "common/sync/mutex.h"
#include "worker/session/control_stream.h"
#include "worker/session/queued_bytes.h"
#include "worker/session/session_loop.h"
#include "worker/session/worker_run.h"

namespace drumfire {

// Who owns a worker.
struct RunOwner {
  std::string run_id;    // hex
  std::string name;      // printable
  int64_t owned_ns = 0;  // for how long by now
};

class RunSession : private ControlEnd, private Loop {
 public:
  // hello: the stream's first message. on_ended is called on the session's thread as its last act.
  // resources is not owned.
  RunSession(RunResources* resources, bool log_runs, const v1::Hello& hello,
             std::shared_ptr<StreamHandle> stream, std::function<void()> on_ended);
  // Waits for the stream's end, which must have been asked for before.
  ~RunSession() override;

  // gRPC's threads; the Hello comes first. False: so many bytes wait that no further message is to
  // come before the stream's Resume. Too many messages end the stream.
  bool OnMessage(v1::CoordinatorMessage message);
  void OnStreamClosed();
  // Ends the run from this side: the process is stopping.
  void Stop();

  // The run is over and holds nothing: the worker may take another one. True before the
  // coordinator sees its stream end.
  bool ended() const { return ended_; }
  // Its thread has nothing left to do: ~RunSession does not wait.
  bool done() const { return done_; }
  RunOwner owner() const;
  // Of the phase that runs or is being prepared; empty = none.
  std::string phase() const;

 private:
  void Send(v1::WorkerMessage message) override { stream_->Send(std::move(message)); }
  OutboxState outbox() const override { return stream_->outbox(); }
  void Finish() override;
  int64_t Step(int64_t now_ns) override;
  void PublishPhase();
  void Take(const v1::CoordinatorMessage& message, size_t bytes);

  const Clock& clock_;
  const int64_t began_ns_;
  const std::function<void()> on_ended_;
  const std::shared_ptr<StreamHandle> stream_;
  const RunOwner owner_;  // but for owned_ns
  QueuedBytes queued_;
  WorkerRun run_;
  SessionLoop loop_;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> done_ = false;
  std::promise<void> over_;
  mutable Mutex mutex_;
  std::string phase_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<LoopRunner> runner_;
};

}  // namespace drumfire
