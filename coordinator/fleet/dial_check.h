// Watches over the dialling of a fleet: a worker that does not answer for a while is probed, and
// one that can never be reached is told to the fleet as closed, with the cause, long before the
// time to get ready is over. Owns a thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/credentials/fleet_credentials.h"
#include "common/mailbox/mailbox.h"
#include "coordinator/fleet/control_client.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

class DialCheck {
 public:
  // Unix sockets are not probed: they have no TLS and who may use them is the file system's to say.
  // events is not owned.
  DialCheck(const std::vector<WorkerAddress>& workers, FleetCredentials credentials,
            Mailbox<FleetEvent>* events);
  // Waits for a probe that goes on.
  ~DialCheck();

  // All up to this worker are dialled by now; none is probed before. Any thread.
  void OnDial(uint32_t worker);
  // The worker was reached: it needs no probe. Any thread.
  void OnAnswer(uint32_t worker);

 private:
  void Run();
  bool Sleep();
  std::set<uint32_t> Silent();
  bool IsSilent(uint32_t worker);
  void Probe(uint32_t worker);

  const std::vector<WorkerAddress> workers_;
  const FleetCredentials credentials_;
  Mailbox<FleetEvent>* const events_;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;      // guarded by mutex_
  uint32_t dialled_ = 0;       // workers below this are; guarded by mutex_
  std::set<uint32_t> silent_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace drumfire
