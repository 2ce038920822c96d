// Supervises the dialling of a fleet. A worker that does not answer for a while is probed; one that
// can never be reached is reported to the fleet as closed, with the cause, long before
// --ready-timeout. Also finds the causes of streams that ended before they began. Owns the thread
// that waits for this, so that none of gRPC's threads does.
#pragma once

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/mailbox/mailbox.h"
#include "common/sync/mutex.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// See ProbeWorker: why retrying is useless, or empty. Blocks for a bounded time.
using DialProbe = std::function<std::string(const WorkerAddress&)>;

class DialCheck {
 public:
  // Limit on stream ends waiting for their causes. Beyond it they are reported without a cause.
  static constexpr size_t kMostEnds = 64;

  // Unix sockets are not probed: they have no TLS, and the file system controls access. events is
  // not owned.
  DialCheck(const std::vector<WorkerAddress>& workers, DialProbe probe,
            Mailbox<FleetEvent>* events);
  // Stops, and waits for the current probe.
  ~DialCheck();

  // Starts no further probes. Does not wait. Any thread.
  void Stop();

  // All workers up to this one have been dialled; none is probed before that. Any thread.
  void OnDial(uint32_t worker);
  // The worker was reached and needs no probe. Any thread.
  void OnAnswer(uint32_t worker);
  // The worker's stream ended before its first message: reports it soon, with the cause if a probe
  // finds one. Never waits. Any thread.
  void OnSilentEnd(const WorkerAddress& worker, FleetEvent end);

 private:
  struct SilentEnd {
    WorkerAddress worker;
    FleetEvent event;
  };

  void Run();
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !ends_.empty(); }
  bool Sleep();
  bool ExplainEnd();
  std::set<uint32_t> Silent();
  bool IsSilent(uint32_t worker);
  void Probe(uint32_t worker);

  const std::vector<WorkerAddress> workers_;
  const DialProbe probe_;
  Mailbox<FleetEvent>* const events_;

  Mutex mutex_;
  CondVar news_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint32_t dialled_ ABSL_GUARDED_BY(mutex_) = 0;  // workers below it have been dialled
  std::set<uint32_t> silent_ ABSL_GUARDED_BY(mutex_);
  std::deque<SilentEnd> ends_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace drumfire
