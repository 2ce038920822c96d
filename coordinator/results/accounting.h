// Accounts for every credit and every record of a worker's phase. The sums must close, so nothing
// is lost silently.
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
// worker when it was lost. fate_unknown: granted to a lost worker, which may have completed them
// without their records arriving, or may not have sent them. unsent: never sent because the phase
// ended first. For the run, unsent credits are among the cancelled ones if the schedule is finite;
// for a worker they are those it returned, counted nowhere else.
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

// made = received + dropped at the worker + missing. made is the worker's own count, or the
// received records if it reported none.
struct RecordSums {
  uint64_t made = 0;
  uint64_t received = 0;
  uint64_t dropped = 0;
  uint64_t missing = 0;

  void Add(const RecordSums& other);
};

struct WorkerAccount {
  uint32_t worker = 0;
  bool is_lost = false;  // no closing totals arrived
  CreditSums credits;
  RecordSums records;
  v1::WorkerFacts facts;
  v1::WorkerStart start;
  int64_t start_late_ns = 0;
  v1::PhaseDone done;  // for a lost worker: its last progress report
};

struct Accounts {
  std::vector<WorkerAccount> workers;
  CreditSums credits;
  RecordSums records;
  // Each sum that does not close, as text; empty = all close.
  std::vector<std::string> problems;
};

// For a finite schedule that stopped early (an interrupt, a lost worker, slots that never became
// free), unsent credits count as cancelled.
void CancelUnsent(uint64_t scheduled, CreditSums* credits);

// received: per worker. workers: from the run's facts.
Accounts CloseAccounts(const PhaseFacts& phase, const std::vector<v1::WorkerFacts>& workers,
                       const std::map<uint32_t, OutcomeCounts>& received);

}  // namespace drumfire
