// All workers of a run: dials them, carries messages, brings each from Hello to Loaded, knows their
// clocks and watches their leases. A worker that was lost and comes back is a new member with a
// number of its own: what the lost one did stays apart. One thread (the run's) makes all calls.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
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

// A worker that was taken back so often is not dialled again.
constexpr uint32_t kMostReturns = 8;

struct FleetOptions {
  std::vector<std::string> addresses;
  // Workers share our monotonic clock (local ones).
  bool same_host = false;
  // Ours; a worker with the same one reads our clock. Empty = unknown.
  std::string host_id;
  v1::Plan plan;
  std::string plan_hash;
  std::string run_id;
  // Who we are, for others who want the workers.
  std::string owner;
  // CURVE public key of the run's record socket.
  std::string records_client_key;
  google::protobuf::RepeatedPtrField<v1::Header> secret_headers;
  int64_t lease_ns = 5 * kNsPerSecond;
  uint64_t record_buffer_bytes = 0;
  // A worker that is not Loaded by then fails the start by name.
  absl::Duration ready_timeout = absl::Seconds(60);
  // Workers that are lost are dialled again once their leases are over.
  bool redial_lost = false;
};

class Fleet {
 public:
  // chunks: bytes of the plan's blobs; not owned, like the clock.
  Fleet(FleetOptions options, std::unique_ptr<ControlLinks> links, const ChunkMap* chunks,
        const Clock& clock);
  ~Fleet();

  // Dials all workers and brings them to Loaded with known clocks. stop is asked now and then; when
  // it says true the start is given up (CANCELLED). Any refusal or failure ends the start and names
  // the worker.
  absl::Status Connect(const std::function<bool()>& stop);

  // The next message worth acting on, or a worker's loss (event.closed); nothing when none came in
  // time. Heartbeats are answered, leases watched and lost workers dialled again in here, so it
  // must be called some times a lease. A member that has come back is seen by its being present.
  std::optional<FleetEvent> Next(absl::Duration wait);
  // Between phases: answers all heartbeats that wait, notes all losses, without waiting itself.
  void HandleWaiting();

  void Send(uint32_t worker, v1::CoordinatorMessage message);
  // A last look at all clocks, for the report. Ends after a moment, whoever has answered.
  void ProbeOnceMore();
  // What the worker's clock shows when ours shows monotonic_ns.
  int64_t ToWorkerClock(uint32_t worker, int64_t monotonic_ns) const;
  // True when a lost worker cannot send any more.
  bool LeaseIsOver(uint32_t worker) const;
  // The run cannot use the worker (why, in words): it is lost, and Next tells it.
  void Expel(uint32_t worker, const std::string& why);
  // Tells every worker that the run is over and ends the streams. Done at the end at the latest, so
  // that a run refused before its start is no broken one to them.
  void Finish();

  // Messages of lost workers and of attempts that failed: they had no effect.
  uint64_t refused_messages() const { return refused_messages_; }
  // Members ever, lost ones and those that are not ready yet with them; it grows.
  uint32_t size() const { return static_cast<uint32_t>(members_.size()); }
  const Member& member(uint32_t worker) const { return *members_[worker]; }

 private:
  static constexpr absl::Duration kLongestWait = absl::Milliseconds(50);

  // The way back of a lost worker, attempt by attempt.
  struct Return {
    uint32_t lost = 0;
    uint32_t worker = 0;  // its new number, from the first attempt on
    Redial redial;
  };

  void DialNext();
  void SendHello(uint32_t worker);
  absl::Status HandleHandshakes();
  absl::Status OnHandshake(const FleetEvent& event);
  void PlanChunks(uint32_t worker);
  void SendPlannedChunks();
  void SendChunks(uint32_t worker);
  void OnChunksTaken(uint32_t worker);
  bool AllDialled() const;
  bool AllLoaded() const;
  absl::Status LearnClocks(const std::function<bool()>& stop, int64_t deadline_ns);
  absl::Status ProbeClocks(const std::function<bool()>& stop, int64_t deadline_ns);
  void SendProbe(uint32_t worker);
  void ProbeAsTimePasses();
  bool AllClocksKnown() const;
  absl::Status StillLoading() const;
  absl::Status StillProbing() const;
  bool AllRenewed() const;
  std::optional<FleetEvent> Lose(FleetEvent event);
  void AnswerHeartbeat(Member* member, const FleetEvent& event);
  std::optional<FleetEvent> ExpiredLease();
  void TendReturns();
  void AwaitReturns(int64_t now_ns);
  void DialAgain(Return* back, int64_t now_ns);
  void FailAttempt(Return* back);
  void OnReturning(const FleetEvent& event);
  absl::Status OnReturningMessage(Member* member, const FleetEvent& event);
  bool ClockIsKnown(const Member& member) const;
  void ProbeUntilKnown(const Member& member);

  const FleetOptions options_;
  const ChunkMap* const chunks_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Member>> members_;
  ChunkTransfers transfers_;
  int64_t next_probe_ns_ = 0;
  uint32_t next_probed_ = 0;
  bool connected_ = false;
  bool nothing_waits_ = false;  // when Next was called last
  uint64_t refused_messages_ = 0;
  std::vector<Return> returns_;
  std::deque<FleetEvent> expelled_;  // to be told
  Random draws_;
  const std::unique_ptr<ControlLinks> links_;
};

}  // namespace drumfire
