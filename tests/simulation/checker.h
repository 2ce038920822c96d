// What must hold at every step of a simulated run, whatever goes wrong. It sees the truth: what
// each worker really sent, when, and what the coordinator knew then. The first violation stays.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/schedule/schedule.h"
#include "coordinator/results/run_result.h"
#include "drumfire/v1/record.pb.h"
#include "tests/simulation/scenario.h"
#include "tests/simulation/world.h"
#include "worker/exchange/exchange.h"

namespace drumfire::simulation {

struct Violation {
  std::string invariant;
  std::string text;
};

class Checker {
 public:
  // Nothing is owned.
  Checker(const Scenario& scenario, World* world, const Dataset* dataset);

  // --- what happens at a worker ---
  void OnSent(uint32_t worker, const Exchange& exchange);
  void OnOver(uint32_t worker, const Exchange& exchange);  // finished, or dropped unsent
  void OnStopped(uint32_t worker);  // crashed or closed: nothing of it is in flight any more
  // Its sessions between two turns are over.
  void OnPhaseDone(uint32_t worker) { workers_[worker].between_turns = 0; }
  void OnPaused(uint32_t worker, bool is_paused);
  void OnHeartbeat(uint32_t worker, int64_t sent_ns);
  // It handled its Start so long after t = 0.
  void OnLateStart(uint32_t worker, uint32_t phase, int64_t late_ns);
  void OnBufferHeld(uint32_t worker, size_t held_bytes);

  // --- what happens at the coordinator ---
  void OnAnswered(uint32_t worker, int64_t sent_ns);  // a heartbeat, by its worker's own time
  void OnStart(uint32_t phase, uint32_t worker, int64_t start_ns, int64_t clock_error_ns);
  // It takes part though the phase runs already.
  void OnJoin(uint32_t worker) { workers_[worker].joined = true; }
  // Its number, and how it is dialled.
  void OnMember(uint32_t worker, const std::string& address) { workers_[worker].address = address; }
  void OnRecord(uint32_t worker, const v1::Record& record);
  // The worker is told that the coordinator has all its batches up to this.
  void OnAcked(uint32_t worker, uint64_t sequence) { workers_[worker].acked = sequence; }
  void OnLost(uint32_t worker) { workers_[worker].lost = true; }

  // --- at the end ---
  // disk_failed: of the journal. interrupts: how often the user has stopped the run.
  void CheckResult(const RunResult& result, bool disk_failed, int interrupts);
  // Made of the journal.
  void CheckReport(const RunResult& live, const RunResult& report);
  // A journal of a killed coordinator holds these, by worker and sequence.
  void CheckJournalHolds(const std::set<std::pair<uint32_t, uint64_t>>& batches);
  void CheckFreed(uint32_t worker, bool is_free, uint32_t in_flight);

  void Fail(absl::string_view invariant, const std::string& text);
  bool failed() const { return !violation_.invariant.empty(); }
  const Violation& violation() const { return violation_; }
  uint64_t sent() const { return sent_.size(); }
  uint64_t lost() const;
  // Workers that came back, and those of them that a running phase took in.
  uint64_t returned() const { return workers_.size() - scenario_.workers; }
  uint64_t joined() const;
  // Requests that a second worker sent.
  uint64_t taken_over() const;

  // When the worker may send no more, by what the coordinator can know; world time.
  int64_t LeaseEnd(uint32_t worker) const;

 private:
  struct RequestId {
    uint32_t phase = 0;
    uint64_t session = 0;
    uint32_t turn = 0;
    auto operator<=>(const RequestId&) const = default;
  };

  struct Worker {
    uint32_t in_flight = 0;      // requests
    uint32_t between_turns = 0;  // sessions in flight without a request
    bool paused = false;
    int64_t resumed_ns = INT64_MIN;  // last; world time
    bool lost = false;
    bool joined = false;
    std::string address;
    uint64_t acked = 0;
    bool started_late = false;  // in the profiling phase
    int64_t lease_until_ns = INT64_MIN;
    std::map<int64_t, int64_t> heartbeats_ns;  // by the worker's own time: the world's
  };

  // As a fleet of one would send it.
  struct Schedule {
    std::unique_ptr<ScheduleCursor> cursor;
    std::vector<ScheduledSession> sessions;
  };

  struct Sending {
    uint32_t worker = 0;
    bool is_over = false;
    v1::Outcome outcome = v1::OUTCOME_COMPLETED;
    bool has_record = false;
    int64_t over_ns = 0;  // world time
  };

  static RequestId IdOf(const Exchange& exchange) {
    return {exchange.phase, exchange.session, exchange.turn};
  }
  static std::string NameOf(const Exchange& exchange) {
    return absl::StrCat("turn ", exchange.turn, " of session ", exchange.session);
  }

  void CheckOnce(uint32_t worker, const Exchange& exchange);
  void CheckLease(uint32_t worker, const Exchange& exchange);
  void CheckDue(uint32_t worker, const Exchange& exchange);
  void CheckTurnOrder(uint32_t worker, const Exchange& exchange);
  void CheckConcurrency(uint32_t phase);
  void CheckSchedule(const Exchange& exchange);
  void CheckSums(const RunResult& result);
  void CheckTruth(const RunResult& result);
  void CheckHistograms(const RunResult& result);
  void CheckLateStarts(const RunResult& result);
  void CheckClocks(const RunResult& result);
  void CheckWhole(const RunResult& result);
  void CheckArrival(const RunResult& result);
  void CheckHandedOver(const RunResult& result);
  Schedule& ScheduleOf(uint32_t phase);
  const ScheduledSession& ScheduledAt(uint32_t phase, uint64_t session);

  const Scenario& scenario_;
  World* const world_;
  const Dataset* const dataset_;
  std::map<uint32_t, Worker> workers_;              // by number: one that came back is another
  std::map<RequestId, std::vector<Sending>> sent_;  // dropped ones too
  std::map<uint32_t, Schedule> schedules_;          // by phase
  std::map<std::pair<uint32_t, uint32_t>, int64_t> starts_ns_;  // earliest, by phase and worker
  // The second interrupt came: records are waited for only briefly from then on.
  bool may_give_up_on_records_ = false;
  Violation violation_;
};

}  // namespace drumfire::simulation
