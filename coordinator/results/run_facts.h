// What a result needs beside the records: all of it is known to the coordinator when the run ends,
// and all of it stands in the run directory's plan and journal, so that `drumfire report DIR` makes
// the same result again.
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
  // Lost workers: what their last progress said (totals and health). Without an entry they said
  // nothing.
  std::map<uint32_t, v1::PhaseDone> last_words;
  // Credits that the coordinator granted to each worker. Needed for lost workers only (what was
  // theirs is lost with them); a worker without an entry counts as granted what its records show.
  std::map<uint32_t, uint64_t> granted;
  // Of those, known to be sent or dropped, of lost workers; without an entry all of them.
  std::map<uint32_t, uint64_t> settled;
  // How long after t = 0 each worker handled its Start, ns.
  std::map<uint32_t, int64_t> start_late_ns;
  // What the phase's schedule holds in all when it has an end of its own; 0 = only the clock ends
  // it.
  uint64_t scheduled = 0;
};

struct RunFacts {
  v1::Plan plan;
  std::string plan_hash_hex;
  std::string run_id;       // 16 raw bytes
  std::string cli_command;  // as typed, secrets redacted
  std::string version;      // of Drumfire
  std::vector<v1::WorkerFacts> workers;
  std::vector<v1::WorkerClock> clocks;  // known once the run has ended
  std::vector<PhaseFacts> phases;       // by phase index, as in the plan
  bool was_cancelled = false;           // by the user
  std::string early_end;                // why the run ended early; empty = it did not
  std::string journal_fault;            // why the journal lacks entries; empty = it has all
  bool clock_stepped =
      false;  // a wall clock jumped against its monotonic clock while the run went on
  std::vector<std::string> notes;  // lines for the reader: assumptions, limits, what was left out
};

}  // namespace drumfire
