// Where every credit and every record of a worker's phase went. Sums that must close: nothing is
// lost silently.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/results/run_facts.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Records received, by outcome.
struct OutcomeCounts {
  uint64_t completed = 0;
  uint64_t failed = 0;
  uint64_t cancelled = 0;
  uint64_t dropped = 0;

  void Add(v1::Outcome outcome);
  uint64_t Sum() const { return completed + failed + cancelled + dropped; }
};

// scheduled = completed + failed + cancelled + dropped + lost + fate_unknown. lost: in flight at a
// worker when it was lost. fate_unknown: granted to a worker that was lost, which may have ended
// them without its records having come, or may not have sent them. unsent: never sent, the phase
// ended first. Of the run, these are among the cancelled ones when the schedule has an end of its
// own; of a worker they are those it gave back, counted nowhere else.
struct CreditSums {
  uint64_t scheduled = 0;
  uint64_t completed = 0;
  uint64_t failed = 0;
  uint64_t cancelled = 0;
  uint64_t dropped = 0;
  uint64_t lost = 0;
  uint64_t fate_unknown = 0;
  uint64_t unsent = 0;

  void Add(const CreditSums& other);
};

// made = received + dropped at the worker + missing. made is what the worker says; without its word
// what came.
struct RecordSums {
  uint64_t made = 0;
  uint64_t received = 0;
  uint64_t dropped = 0;
  uint64_t missing = 0;

  void Add(const RecordSums& other);
};

struct WorkerAccount {
  uint32_t worker = 0;
  bool is_lost = false;  // no closing totals came
  CreditSums credits;
  RecordSums records;
  v1::WorkerFacts facts;
  v1::WorkerStart start;
  int64_t start_late_ns = 0;
  v1::PhaseDone done;  // of a lost worker: what its last progress said
};

struct Accounts {
  std::vector<WorkerAccount> workers;
  CreditSums credits;
  RecordSums records;
  // Each sum that does not close, in words; empty = all close.
  std::vector<std::string> problems;
};

// A schedule with an end of its own that stopped before it (an interrupt, a lost worker, slots that
// never came free): what was never sent counts as cancelled.
void CancelUnsent(uint64_t scheduled, CreditSums* credits);

// received: by worker. workers: from the run's facts.
Accounts CloseAccounts(const PhaseFacts& phase, const std::vector<v1::WorkerFacts>& workers,
                       const std::map<uint32_t, OutcomeCounts>& received);

}  // namespace drumfire
