// Watches over the dialling of a fleet: a worker that does not answer for a while is probed, and
// one that can never be reached is told to the fleet as closed, with the cause, long before the
// time to get ready is over. Also finds the causes of streams that ended before they began. Owns
// the thread that waits for all this, so that none of gRPC's does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/mailbox/mailbox.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// As ProbeWorker: why trying again is of no use, else empty. Blocks for a bounded time.
using DialProbe = std::function<std::string(const WorkerAddress&)>;

class DialCheck {
 public:
  // Ends that wait for their causes. Those past the bound are reported without a cause.
  static constexpr size_t kMostEnds = 64;

  // Unix sockets are not probed: they have no TLS and who may use them is the file system's to say.
  // events is not owned.
  DialCheck(const std::vector<WorkerAddress>& workers, DialProbe probe,
            Mailbox<FleetEvent>* events);
  // Stops, and waits for the probe that goes on.
  ~DialCheck();

  // Begins no further probe. Does not wait. Any thread.
  void Stop();

  // All up to this worker are dialled by now; none is probed before. Any thread.
  void OnDial(uint32_t worker);
  // The worker was reached: it needs no probe. Any thread.
  void OnAnswer(uint32_t worker);
  // The worker's stream ended before it said anything: tells so soon, with the cause if a probe
  // finds one. Never waits. Any thread.
  void OnSilentEnd(const WorkerAddress& worker, FleetEvent end);

 private:
  struct SilentEnd {
    WorkerAddress worker;
    FleetEvent event;
  };

  void Run();
  bool Sleep();
  bool ExplainEnd();
  std::set<uint32_t> Silent();
  bool IsSilent(uint32_t worker);
  void Probe(uint32_t worker);

  const std::vector<WorkerAddress> workers_;
  const DialProbe probe_;
  Mailbox<FleetEvent>* const events_;

  std::mutex mutex_;
  std::condition_variable news_;
  bool stopping_ = false;       // guarded by mutex_
  uint32_t dialled_ = 0;        // workers below this are; guarded by mutex_
  std::set<uint32_t> silent_;   // guarded by mutex_
  std::deque<SilentEnd> ends_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace drumfire
