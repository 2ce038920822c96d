#include "coordinator/run/phase_claims.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/plan/validate_plan.h"

namespace drumfire {
namespace {

// The estimate of the worker's clock may be off.
constexpr int64_t kClockSlackNs = kNsPerSecond;

std::optional<uint32_t> PhaseOf(const v1::WorkerMessage& message) {
  switch (message.body_case()) {
    case v1::WorkerMessage::kPrepared:
      return message.prepared().phase();
    case v1::WorkerMessage::kStarted:
      return message.started().phase();
    case v1::WorkerMessage::kDemand:
      return message.demand().phase();
    case v1::WorkerMessage::kProgress:
      return message.progress().phase();
    case v1::WorkerMessage::kHistograms:
      return message.histograms().phase();
    case v1::WorkerMessage::kPhaseDone:
      return message.phase_done().phase();
    default:
      return std::nullopt;
  }
}

// a + b + ... without wrapping around.
uint64_t Sum(std::initializer_list<uint64_t> parts) {
  uint64_t sum = 0;
  for (const uint64_t part : parts) {
    sum = part > std::numeric_limits<uint64_t>::max() - sum ? UINT64_MAX : sum + part;
  }
  return sum;
}

std::string TooMany(absl::string_view what, uint64_t claimed, uint64_t most) {
  if (claimed <= most) return "";
  return absl::StrCat("claims ", claimed, " ", what, ", but no more than ", most, " are possible");
}

std::string FirstOf(std::initializer_list<std::string> faults) {
  const auto found =
      std::find_if(faults.begin(), faults.end(), [](const auto& fault) { return !fault.empty(); });
  return found == faults.end() ? "" : *found;
}

std::string TotalsFault(const v1::CreditTotals& totals, uint64_t granted) {
  const uint64_t ended = Sum({totals.completed(), totals.failed(), totals.cancelled()});
  const uint64_t requests = Sum({totals.sent(), totals.dropped(), totals.unsent_turns()});
  const double most_requests = static_cast<double>(granted) * plan_limits::kMaxTurns;
  return FirstOf({
      TooMany("granted sessions", totals.granted(), granted),
      TooMany("begun, dropped and unsent sessions",
              Sum({totals.begun(), totals.dropped(), totals.unsent()}), totals.granted()),
      TooMany("open sessions", totals.open(), totals.begun()),
      TooMany("completed sessions", totals.sessions_completed(), totals.begun()),
      TooMany("ended requests", ended, totals.sent()),
      static_cast<double>(requests) > most_requests ? "claims more requests than its sessions have"
                                                    : "",
  });
}

std::string PreparedFault(const WorkerPhase& worker) {
  return worker.prepared.has_value() ? "is prepared twice" : "";
}

std::string StartedFault(const v1::Started& started, const PhaseSoFar& so_far) {
  if (!so_far.started) return "started before it was told to";
  const bool can_be =
      started.late_ns() >= 0 && started.late_ns() <= so_far.since_start_ns + kClockSlackNs;
  return can_be ? "" : absl::StrCat("cannot have started ", started.late_ns(), " ns late");
}

// Before the start there is no RecordKeeper yet to tell of the grants that would answer it.
std::string DemandFault(const v1::Demand& demand, const PhaseSoFar& so_far) {
  if (!so_far.started && !so_far.stopping) {
    return "asks for sessions before it was told to start";
  }
  return TooMany("unsent sessions", demand.unsent(), so_far.granted);
}

std::string DoneFault(const v1::PhaseDone& done, const PhaseSoFar& so_far) {
  if (!so_far.started && !so_far.stopping) return "ended before it was told to start";
  return FirstOf({TotalsFault(done.totals(), so_far.granted),
                  TooMany("records", done.records_made(),
                          Sum({done.totals().sent(), done.totals().dropped()}))});
}

std::string FaultInPhase(const v1::WorkerMessage& message, const WorkerPhase& worker,
                         const PhaseSoFar& so_far) {
  switch (message.body_case()) {
    case v1::WorkerMessage::kPrepared:
      return PreparedFault(worker);
    case v1::WorkerMessage::kStarted:
      return StartedFault(message.started(), so_far);
    case v1::WorkerMessage::kDemand:
      return DemandFault(message.demand(), so_far);
    case v1::WorkerMessage::kProgress:
      return TotalsFault(message.progress().totals(), so_far.granted);
    case v1::WorkerMessage::kPhaseDone:
      return DoneFault(message.phase_done(), so_far);
    default:
      return "";
  }
}

}  // namespace

std::string ClaimFault(const v1::WorkerMessage& message, const WorkerPhase& worker,
                       const PhaseSoFar& so_far) {
  const std::optional<uint32_t> phase = PhaseOf(message);
  if (!phase.has_value()) return "";
  if (*phase != so_far.phase) {
    return absl::StrCat("speaks of phase ", *phase, " while phase ", so_far.phase, " runs");
  }
  if (!worker.participates) return absl::StrCat("takes no part in phase ", so_far.phase);
  if (worker.done.has_value()) return absl::StrCat("has ended phase ", so_far.phase, " already");
  return FaultInPhase(message, worker, so_far);
}

}  // namespace drumfire
