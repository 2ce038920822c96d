// What may go wrong in a simulated run. As in FoundationDB's simulation, each kind is switched on
// for a whole run by a draw, so that runs differ in what goes wrong together.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "tests/simulation/world.h"

namespace drumfire::simulation {

enum class Fault : uint32_t {
  // Control links.
  kDelay,      // messages take up to half a lease
  kClog,       // links stand still, one by one, and go on in another order
  kSplit,      // nothing gets through, both ways or one way, for up to two leases
  kBreak,      // the stream ends, for one side or both
  kRepeat,     // messages come twice
  kLose,       // a message inside the stream never comes
  kReorder,    // two messages of the stream change places
  kLateStart,  // Start comes after the start instant
  // Record links.
  kRecordDelay,
  kRecordLoss,
  kRecordRepeat,
  kRecordReorder,
  kRecordDamage,
  kRecordStall,  // nothing gets through for a while: the worker's buffer fills
  // Workers.
  kCrash,
  kPause,  // SIGSTOP; the target's answers pile up
  kRestart,
  kLateJoin,
  kNeverReady,
  kSlowMaker,
  // Target.
  kRefusals,
  kHangs,
  // Coordinator.
  kKill,
  kStall,  // its thread stands still
  kInterrupt,
  kDoubleInterrupt,
  kDiskFull,
  kShortWrites,
  kSyncFails,
  kSlowDisk,  // a write of the journal takes up to two seconds
  // Clocks.
  kWallJump,
  kCount,
};

absl::string_view NameOf(Fault fault);

class FaultPlan {
 public:
  FaultPlan() = default;
  // A quarter of the runs is calm, a quarter has one kind of fault; in the others each kind is on
  // with a chance of 25 %.
  static FaultPlan Draw(Draws* draws);

  void Set(Fault fault) { on_ |= uint64_t{1} << static_cast<uint32_t>(fault); }
  bool Has(Fault fault) const { return (on_ >> static_cast<uint32_t>(fault) & 1) != 0; }
  bool calm() const { return on_ == 0; }

 private:
  uint64_t on_ = 0;
};

}  // namespace drumfire::simulation
