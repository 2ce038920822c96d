// The parts of a run that wait for records: until all can be fetched before the first phase, until
// those of workers that came back can be, and until a phase's are here. Nothing is owned.
#pragma once

#include <cstdint>
#include <map>

#include "absl/status/status.h"
#include "coordinator/fleet/run_stage.h"
#include "coordinator/run/phase_outcome.h"
#include "coordinator/run/run_records.h"
#include "coordinator/run/stop_requests.h"

namespace drumfire {

// How long the workers' record sockets may take to answer.
constexpr int64_t kRecordLinksLimitNs = 10 * kNsPerSecond;
// How long records of a phase that is over may take to arrive.
constexpr int64_t kRecordsLimitNs = 30 * kNsPerSecond;

// Nothing is sent before the records of all members can be fetched.
class LinkRecordsStage : public RunStage {
 public:
  LinkRecordsStage(RunRecords* records, const Fleet* fleet, const StopRequests* stop,
                   int64_t now_ns)
      : records_(records), fleet_(fleet), stop_(stop), deadline_ns_(now_ns + kRecordLinksLimitNs) {}

  // Once it is over. CANCELLED: stopped; UNAVAILABLE: a worker was lost; DEADLINE_EXCEEDED and
  // others name the first worker whose records cannot be fetched, and why.
  const absl::Status& status() const { return status_; }
  bool is_over() const override { return is_over_; }
  bool Handle(const FleetEvent& event) override { return event.closed; }
  int64_t Step(int64_t now_ns) override;

 private:
  void End(absl::Status status);
  absl::Status CheckNobodyLost() const;

  RunRecords* const records_;
  const Fleet* const fleet_;
  const StopRequests* const stop_;
  const int64_t deadline_ns_;
  absl::Status status_;
  bool is_over_ = false;
};

// Who came back since the phase before takes part in the next one, if its records can be fetched;
// else it is expelled.
class RelinkRecordsStage : public RunStage {
 public:
  RelinkRecordsStage(RunRecords* records, Fleet* fleet, int64_t now_ns)
      : records_(records), fleet_(fleet), deadline_ns_(now_ns + kRecordLinksLimitNs) {}

  bool is_over() const override { return is_over_; }
  bool Handle(const FleetEvent& event) override { return event.closed; }
  int64_t Step(int64_t now_ns) override;

 private:
  RunRecords* const records_;
  Fleet* const fleet_;
  const int64_t deadline_ns_;
  bool is_over_ = false;
};

// Until the records that each worker says it made are here; what is missing then is found by the
// accounts. Records that arrive wake the fleet, so the stage ends with the last one.
class CollectRecordsStage : public RunStage {
 public:
  CollectRecordsStage(RunRecords* records, Fleet* fleet, const StopRequests* stop,
                      const PhaseOutcome& outcome, int64_t now_ns);
  ~CollectRecordsStage() override;
  CollectRecordsStage(const CollectRecordsStage&) = delete;
  CollectRecordsStage& operator=(const CollectRecordsStage&) = delete;

  bool is_over() const override { return is_over_; }
  bool Handle(const FleetEvent& event) override { return event.closed; }
  int64_t Step(int64_t now_ns) override;

 private:
  void NoteMissing();

  RunRecords* const records_;
  Fleet* const fleet_;
  const StopRequests* const stop_;
  const int64_t began_ns_;
  std::map<uint32_t, uint64_t> missing_;  // by worker: its last batch
  bool is_over_ = false;
};

}  // namespace drumfire
