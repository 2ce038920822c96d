// The workers that take part in a phase, and how its concurrency is shared among them. The ledger
// addresses each by its index here.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/fleet/fleet.h"
#include "coordinator/run/phase_outcome.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

class Participants {
 public:
  // Nothing is owned. outcome holds what the workers say; the shares are written there.
  Participants(const v1::Phase& spec, Fleet* fleet, PhaseOutcome* outcome);

  // At the phase's begin: all who are present, though with a concurrency below their number only so
  // many. A worker without a slot could send nothing.
  void Choose();
  // One more takes part, with so many slots. Returns its index.
  uint32_t Add(uint32_t worker, uint32_t slots);

  // By participant index, lost ones included.
  const std::vector<uint32_t>& workers() const { return workers_; }
  uint32_t count() const { return static_cast<uint32_t>(workers_.size()); }
  // Slots of each of so many; zeros without a concurrency.
  std::vector<uint32_t> EvenSlots(uint32_t participants) const;
  // False when one more would find no slot.
  bool HasRoomForOneMore() const;

  // Shares the concurrency anew among those whose share nobody has taken over, and `joining` more
  // who come; tells those who have another share by that. Returns what is left for the ones who
  // come.
  uint32_t ShareSlots(uint32_t joining);
  // By what they said last, nobody has more in flight than its share.
  bool SharesAreKept() const;
  // More than the share of the workers that the phase began with is missing by now, or all are.
  bool TooManyLost(double max_lost_share) const;

  void SendToAll(const v1::CoordinatorMessage& message);

 private:
  std::vector<uint32_t> Sharing() const;

  const v1::Phase& spec_;
  Fleet* const fleet_;
  PhaseOutcome* const outcome_;
  std::vector<uint32_t> workers_;
  uint32_t chosen_ = 0;
};

}  // namespace drumfire
