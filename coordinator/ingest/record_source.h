// Receives record batches from the workers over one ZeroMQ PULL socket: checks frame, run, worker
// and epoch, drops repeats, hands the records on, writes the journal, and then has them acked. Both
// ends prove CURVE keys that were exchanged over the control stream. Owns its thread and the
// socket. Threads: the consumer is called on the source's thread only; all calls here on any other.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/record/link_keys.h"
#include "common/record/wake_event.h"
#include "coordinator/ingest/batch_intake.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/record_consumer.h"
#include "coordinator/ingest/socket_monitor.h"

namespace drumfire {

class RecordSource {
 public:
  // run_id: 16 bytes. keys: of this run. consumer and journal (null = none) must outlive the
  // source.
  static absl::StatusOr<std::unique_ptr<RecordSource>> Create(absl::string_view run_id,
                                                              const LinkKeys& keys,
                                                              RecordConsumer* consumer,
                                                              Journal* journal);
  // Stops at once; what is still in the socket is gone (it was never acked).
  ~RecordSource();

  // Connects to a worker's records endpoint, instead of its earlier one and of another worker's
  // link to the same, and takes records only from who holds the secret half of server_key; from now
  // on batches of its other epochs are foreign. A broken link is made again by itself.
  // INVALID_ARGUMENT for an endpoint or a key that is none. Not from within the consumer.
  absl::Status AddWorker(uint32_t worker, uint64_t epoch, absl::string_view endpoint,
                         absl::string_view server_key);
  // The same, without waiting for the source's thread to do it.
  std::future<absl::Status> BeginAddWorker(uint32_t worker, uint64_t epoch,
                                           absl::string_view endpoint,
                                           absl::string_view server_key);
  // True once the link to the worker was up. FAILED_PRECONDITION: it refused; NOT_FOUND: there is
  // none.
  absl::StatusOr<bool> IsLinked(uint32_t worker) const;
  // Waits until the links to all workers were up. The error names the first worker that refused
  // (FAILED_PRECONDITION) or was not reached in time (DEADLINE_EXCEEDED), and why.
  absl::Status WaitForLinks(int64_t timeout_ns) const;

  // The worker is lost: what still comes of it is foreign. On return the consumer has all that
  // counts. Not from within the consumer.
  void RemoveWorker(uint32_t worker);

  // What went to the consumer and the journal; zeros for an unknown worker.
  WorkerProgress Progress(uint32_t worker) const;
  // True once batches 1..sequence of the worker's present epoch went to consumer and journal; false
  // after the time-out.
  bool WaitFor(uint32_t worker, uint64_t sequence, int64_t timeout_ns) const;

  IngestCounters counters() const;

 private:
  struct Link {
    std::string endpoint;
    std::string server_key;
    bool operator==(const Link&) const = default;
  };
  // A worker to be added, or to be removed when it has no endpoint.
  struct WorkerChange {
    uint32_t worker;
    uint64_t epoch;
    Link link;
    std::promise<absl::Status> done;
  };
  struct LinkStatus {
    std::string endpoint;
    LinkState state;
  };

  RecordSource(absl::string_view run_id, const LinkKeys& keys, RecordConsumer* consumer,
               Journal* journal, WakeEvent wake);
  static std::string Fault(uint32_t worker, const LinkStatus& link);
  void Run();
  std::future<absl::Status> BeginChange(uint32_t worker, uint64_t epoch, Link link);
  void MakeChanges();
  absl::Status Make(const WorkerChange& change);
  absl::Status Connect(const WorkerChange& added);
  void Remove(uint32_t worker);
  void LeaveEndpoint(const std::string& endpoint, uint32_t to);
  void Relink(const Link& from, const Link& to);
  bool TakeWaiting();
  void Publish();
  void PublishLinks();
  void Wait();

  WakeEvent wake_;
  std::atomic<bool> stopping_ = false;

  // The thread's alone.
  zmq::context_t context_;
  zmq::socket_t socket_;
  SocketMonitor monitor_;
  const LinkKeys keys_;
  Journal* const journal_;
  BatchIntake intake_;
  std::map<uint32_t, Link> links_;  // connected, by worker
  std::set<uint32_t> removed_;      // of these

  mutable std::mutex mutex_;
  mutable std::condition_variable published_;
  std::vector<WorkerChange> changes_;            // guarded by mutex_
  std::map<uint32_t, WorkerProgress> progress_;  // guarded by mutex_
  std::map<uint32_t, LinkStatus> link_status_;   // guarded by mutex_
  IngestCounters counters_;                      // guarded by mutex_

  std::thread thread_;
};

}  // namespace drumfire
