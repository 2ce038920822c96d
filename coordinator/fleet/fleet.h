// All workers of a run: dials them, transports messages, takes each from Hello to Loaded
// (ConnectStage), estimates their clocks and watches their leases. A lost worker that returns
// becomes a new member with its own number, separate from the lost one. One thread (the run's)
// makes all calls but Wake.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/plan/blob.h"
#include "common/random/random.h"
#include "coordinator/fleet/chunk_transfers.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/fleet/member.h"
#include "coordinator/fleet/redial.h"

namespace drumfire {

// An address is not redialled after this many returns.
constexpr uint32_t kMostReturns = 8;

struct FleetOptions {
  std::vector<std::string> addresses;
  // Workers share our monotonic clock (local ones).
  bool same_host = false;
  // Our host id; a worker with the same one reads our clock. Empty = unknown.
  std::string host_id;
  v1::Plan plan;
  std::string plan_hash;
  std::string run_id;
  // Our name, shown to other coordinators.
  std::string owner;
  // CURVE public key of the run's record socket.
  std::string records_client_key;
  v1::RequestSecrets secrets;
  int64_t lease_ns = 5 * kNsPerSecond;
  uint64_t record_buffer_bytes = 0;
  // A worker that is not Loaded by then fails the start; the error names it.
  absl::Duration ready_timeout = absl::Seconds(60);
  // Redial lost workers once their leases have expired.
  bool redial_lost = false;
};

class Fleet {
 public:
  // chunks: bytes of the plan's blobs; not owned, like the clock.
  Fleet(FleetOptions options, std::unique_ptr<ControlLinks> links, const ChunkMap* chunks,
        const Clock& clock);
  ~Fleet();

  // The next message to act on, or a worker's loss (event.closed); nothing if none arrived in time.
  // This call also answers heartbeats, watches leases and redials lost workers, so it must be
  // called several times per lease. A returned worker becomes visible as present.
  std::optional<FleetEvent> Next(absl::Duration wait);
  // Next returns at once, one time, if no event waits: there is something else to act on. Any
  // thread.
  void Wake();
  // True after a Wake since the last call.
  bool TakeWake() { return is_woken_.exchange(false); }

  void Send(uint32_t worker, v1::CoordinatorMessage message);
  // The worker's clock when ours shows monotonic_ns.
  int64_t ToWorkerClock(uint32_t worker, int64_t monotonic_ns) const;
  // Whether a lost worker can no longer send.
  bool LeaseIsOver(uint32_t worker) const;
  // The run cannot use the worker, for the given reason: it counts as lost, and Next reports it.
  void Expel(uint32_t worker, const std::string& why);
  // Tells every worker that the run is over and ends the streams. The destructor does this too, so
  // workers see a clean end, not a broken stream.
  void Finish();

  // --- Steps of the start and the end (ConnectStage, LastProbesStage) ---

  const FleetOptions& options() const { return options_; }
  bool AllDialled() const { return members_.size() >= options_.addresses.size(); }
  // Dials the next address and says Hello.
  void DialNext();
  // An event arrived at the last call of Next: another one may wait.
  bool AnyWaits() const { return any_waits_; }
  // Acts on an event of a worker that is not loaded yet. An error names the worker and the cause.
  absl::Status Handshake(const FleetEvent& event);
  // All are dialled and loaded, and each has had a heartbeat answered: a worker may send only on
  // the strength of one.
  bool AllLoaded() const;
  // From now on who is silent for a lease is lost.
  void BeginLeases() { connected_ = true; }
  // Probes the clocks of all present workers.
  void ProbeAll();
  // Probes the worker again, one probe after the other, while its clock is not known.
  void ProbeUntilKnown(uint32_t worker);
  bool ClockIsKnown(uint32_t worker) const;
  bool AllClocksKnown() const;
  // A present worker owes the answer to a probe.
  bool AwaitsProbe() const;
  // From now on Next probes each clock about once per second.
  void ProbeRegularly();

  // Number of ignored messages from lost workers and failed attempts.
  uint64_t refused_messages() const { return refused_messages_; }
  // Number of members so far, including lost ones and those not ready yet.
  uint32_t size() const { return static_cast<uint32_t>(members_.size()); }
  const Member& member(uint32_t worker) const { return *members_[worker]; }

 private:
  static constexpr absl::Duration kLongestWait = absl::Milliseconds(50);

  // The redialling of a lost worker.
  struct Return {
    uint32_t lost = 0;
    uint32_t worker = 0;  // its new number, assigned at the first attempt
    Redial redial;
  };

  void SendHello(uint32_t worker);
  absl::Status CheckReady(const Member& member, const v1::Ready& ready) const;
  void PlanChunks(uint32_t worker);
  void SendPlannedChunks();
  void SendChunks(uint32_t worker);
  void OnChunksTaken(uint32_t worker);
  void SendProbe(uint32_t worker);
  void ProbeAsTimePasses();
  std::optional<FleetEvent> Lose(FleetEvent event);
  void AnswerHeartbeat(Member* member, const FleetEvent& event);
  std::optional<FleetEvent> ExpiredLease();
  void TendReturns();
  void AwaitReturns(int64_t now_ns);
  void DialAgain(Return* back, int64_t now_ns);
  void FailAttempt(Return* back);
  void OnReturning(const FleetEvent& event);
  absl::Status OnReturningMessage(Member* member, const FleetEvent& event);

  const FleetOptions options_;
  const ChunkMap* const chunks_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Member>> members_;
  ChunkTransfers transfers_;
  int64_t next_probe_ns_ = kNever;
  uint32_t next_probed_ = 0;
  bool connected_ = false;
  bool any_waits_ = false;
  uint64_t refused_messages_ = 0;
  std::vector<Return> returns_;
  std::deque<FleetEvent> expelled_;  // to be reported
  std::atomic<bool> is_woken_ = false;
  Random draws_;
  const std::unique_ptr<ControlLinks> links_;
};

}  // namespace drumfire
