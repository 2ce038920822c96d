// The workers that take part in a phase, and how its concurrency is shared among them. The ledger
// addresses each by its index here. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/fleet/fleet.h"
#include "coordinator/run/phase_outcome.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

class Participants {
 public:
  // Nothing is owned. outcome: what the workers say, only read.
  Participants(const v1::Phase& spec, Fleet* fleet, const PhaseOutcome* outcome)
      : spec_(spec), fleet_(fleet), outcome_(*outcome) {}

  // At the phase's begin: all who are present, though with a concurrency below their number only so
  // many. A worker without a slot could send nothing.
  void Choose();
  // One more takes part, with so many slots. Returns its index.
  uint32_t Add(uint32_t worker, uint32_t slots);
  // The participant is lost and can send no more: its share is free.
  void Release(uint32_t participant);

  // By participant index, lost ones included.
  const std::vector<uint32_t>& workers() const { return workers_; }
  uint32_t count() const { return static_cast<uint32_t>(workers_.size()); }
  // The number sent to the participant last.
  uint32_t slots(uint32_t participant) const;
  // An even share of the concurrency for each participant; zeros if the phase has none.
  std::vector<uint32_t> EvenSlots(uint32_t participants) const;
  // False when one more would find no slot.
  bool HasRoomForOneMore() const;

  // Divides the concurrency among those whose share is not released and `joining` more; sends the
  // new share to each whose share changes. Returns the share of one that joins.
  uint32_t ShareSlots(uint32_t joining);
  // By their last progress, nobody has more in flight than its share.
  bool SharesAreKept() const;
  // More than the share of the workers that the phase began with is missing by now, or all are.
  bool TooManyLost(double max_lost_share) const;

  void SendToAll(const v1::CoordinatorMessage& message);

 private:
  struct Share {
    uint32_t slots = 0;
    uint32_t changes = 0;  // SlotChange messages so far
    bool is_released = false;
  };

  std::vector<uint32_t> Sharing() const;
  bool IsKept(uint32_t participant) const;

  const v1::Phase& spec_;
  Fleet* const fleet_;
  const PhaseOutcome& outcome_;
  std::vector<uint32_t> workers_;
  std::vector<Share> shares_;
  uint32_t chosen_ = 0;
};

}  // namespace drumfire
