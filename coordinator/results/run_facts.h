// Inputs of a result besides the records. The coordinator knows them all when the run ends, and
// they are all in the run directory's plan and journal, so that `drumfire report DIR` makes the
// same result.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "drumfire/v1/journal.pb.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct PhaseFacts {
  // Wall clock at t = 0 and each worker's clock; no workers = the phase never started.
  v1::PhaseStart start;
  // Closing totals by worker. A worker of `start` that is missing here was lost.
  std::map<uint32_t, v1::PhaseDone> done;
  // Lost workers: their last progress reports (totals and health). No entry = no report.
  std::map<uint32_t, v1::PhaseDone> last_words;
  // Sessions granted to each worker. Needed only for lost workers; a worker without an entry counts
  // as granted the sessions of its records.
  std::map<uint32_t, uint64_t> granted;
  // Of these, the sessions of lost workers known to be begun or dropped; no entry = all of them.
  std::map<uint32_t, uint64_t> settled;
  // How long after t = 0 each worker handled its Start, ns.
  std::map<uint32_t, int64_t> start_late_ns;
  // Requests and sessions of a finite schedule; 0 = the phase is limited only by time.
  uint64_t scheduled = 0;
  uint64_t scheduled_sessions = 0;
};

struct RunFacts {
  v1::Plan plan;
  std::string plan_hash_hex;
  std::string run_id;       // 16 raw bytes
  std::string cli_command;  // as typed, secrets redacted
  std::string version;      // of Drumfire
  std::vector<v1::WorkerFacts> workers;
  std::vector<v1::WorkerClock> clocks;     // known once the run has ended
  std::vector<PhaseFacts> phases;          // by phase index, as in the plan
  bool was_cancelled = false;              // by the user
  std::string early_end;                   // why the run ended early; empty = it did not
  bool end_is_known = true;                // false: the journal does not tell of the run's end
  std::string journal_fault;               // why the journal is incomplete; empty = it is complete
  std::vector<std::string> record_faults;  // per worker: why its records cannot be trusted
  uint64_t damaged_frames = 0;             // on the record links: refused, to be sent again
  bool clock_stepped = false;  // a wall clock jumped relative to its monotonic clock during the run
  std::vector<std::string> notes;  // notes for the reader: assumptions, limits, omissions
};

}  // namespace drumfire
