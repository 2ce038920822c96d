// Lets workers that come back take part in the phase that runs, one after the other: its records
// can be fetched, the others have made room for its share of the concurrency, it is prepared, and
// it starts by the phase's own clock. Global limits hold throughout. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "coordinator/fleet/fleet.h"
#include "coordinator/ledger/ledger.h"
#include "coordinator/run/participants.h"
#include "coordinator/run/phase_outcome.h"
#include "coordinator/run/record_keeper.h"

namespace drumfire {

class RejoiningWorkers {
 public:
  // One more worker is a participant, and is being prepared; or it was started.
  struct Progress {
    std::optional<uint32_t> enlisted;
    std::optional<uint32_t> started;
  };

  // Nothing is owned. outcome: what the workers say, only read.
  RejoiningWorkers(Fleet* fleet, Participants* participants, Ledger* ledger, RecordKeeper* records,
                   const PhaseOutcome* outcome)
      : fleet_(fleet),
        participants_(participants),
        ledger_(ledger),
        records_(records),
        outcome_(*outcome) {}

  // Takes the next steps, if it is time for them; never waits. may_begin: one more may come in.
  // outcome has an entry for each member.
  Progress Step(bool may_begin);
  // The worker was lost.
  void OnLost(uint32_t worker);
  // How many have a share of the concurrency reserved and do not take part yet: 0 or 1.
  uint32_t waiting() const { return stage_ == Stage::kWaitForRoom ? 1 : 0; }

 private:
  enum class Stage { kNobody, kLink, kWaitForRoom, kPrepare };

  void Find();
  void Link();
  void Enlist();
  bool Start();
  void GiveUp(const std::string& why);

  Fleet* const fleet_;
  Participants* const participants_;
  Ledger* const ledger_;
  RecordKeeper* const records_;
  const PhaseOutcome& outcome_;

  Stage stage_ = Stage::kNobody;
  uint32_t worker_ = 0;
};

}  // namespace drumfire
