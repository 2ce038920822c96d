// Ways to break what the simulation checks, on purpose: a checker that never fires proves nothing.
// Each is made at an interface (a link, a host, a file), never inside the code under test.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/simulation/faults.h"

namespace drumfire::simulation {

enum class Mutation : uint32_t {
  kNone,
  kGrantOverlaps,
  kRepeatRenumbered,
  kSlotTooMany,
  kStartEarly,
  kLeaseTooLong,
  kLeaseIgnored,
  kAnswerForged,
  kStrangerEntry,
  kRecordAltered,
  kRecordSwallowed,
  kRecordTwice,
  kAckOfNothing,
  kHistogramAltered,
  kTotalsLie,
  kDropsHidden,
  kBufferTooLarge,
  kJournalSwallows,
  kDoneSwallowed,
  kGrantSwallowed,
  kCloseIgnored,
  kStartDelayHidden,
  kWarmupLies,
  kProgressLies,
  kSlotsKept,
  kClockLies,
  kJournalLate,
  kJournalTwice,
  kStopUnheard,
  kHeartbeatAntedated,
  kRecordMisattributed,
  kConnectIgnored,
  kTaskForgotten,
  kAnswerForgotten,
  kDiskFullHidden,
  kTurnHurried,
  kTurnsForgotten,
  kUnsentTurnsHidden,
};

struct MutationRow {
  Mutation mutation;
  absl::string_view name;
  absl::string_view what;       // is broken
  absl::string_view invariant;  // that must catch it
  Fault needs = Fault::kCount;  // without which nobody would feel it; kCount = none
};

const std::vector<MutationRow>& Mutations();
// Not for kNone.
const MutationRow& RowOf(Mutation mutation);

}  // namespace drumfire::simulation
