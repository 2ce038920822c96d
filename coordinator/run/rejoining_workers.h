// Lets workers that come back take part in the phase that runs, one after the other: its records
// can be fetched, the others have made room for its share of the concurrency, it is prepared, and
// it starts by the phase's own clock. Global limits hold throughout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "coordinator/fleet/fleet.h"
#include "coordinator/ledger/ledger.h"
#include "coordinator/run/participants.h"
#include "coordinator/run/phase_outcome.h"

namespace drumfire {

class RejoiningWorkers {
 public:
  // Nothing is owned.
  RejoiningWorkers(Fleet* fleet, Participants* participants, Ledger* ledger,
                   PhaseObserver* observer, PhaseOutcome* outcome)
      : fleet_(fleet),
        participants_(participants),
        ledger_(ledger),
        observer_(observer),
        outcome_(outcome) {}

  // Takes the next step, if it is time for one. may_begin: somebody new may still come in.
  void Tend(bool may_begin);
  // The worker was lost.
  void OnLost(uint32_t worker);
  // How many have a share of the concurrency in view and do not take part yet: 0 or 1.
  uint32_t waiting() const { return step_ == Step::kWaitForRoom ? 1 : 0; }

 private:
  enum class Step { kNobody, kLink, kWaitForRoom, kPrepare };

  void Find();
  void Link();
  void Enlist();
  void Start();
  void GiveUp(const std::string& why);

  Fleet* const fleet_;
  Participants* const participants_;
  Ledger* const ledger_;
  PhaseObserver* const observer_;
  PhaseOutcome* const outcome_;

  Step step_ = Step::kNobody;
  uint32_t worker_ = 0;
};

}  // namespace drumfire
