#include "coordinator/cli/dry_run_summary.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/dialect/dialect.h"
#include "common/schedule/schedule.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/sizing.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/unit_text.h"
#include "coordinator/run/request_workload.h"

namespace drumfire {
namespace {

// Tokens of more requests than this are taken from the first ones.
constexpr uint64_t kMostCounted = 200'000;
// Assumed times of a server, since nothing has been measured.
constexpr double kAssumedTtftS = 0.5;
constexpr double kAssumedItlS = 0.02;
constexpr double kAssumedOsl = 256;
constexpr double kAssumedEmbeddingS = 0.05;

struct Tally {
  uint64_t requests = 0;  // 0 = only the clock ends the phase
  uint64_t counted = 0;
  double isl = 0;  // sums over those counted
  double osl = 0;
  bool osl_known = true;
  int64_t last_due_ns = -1;  // open loops
};

double PerRequest(double sum, const Tally& tally) {
  return tally.counted == 0 ? 0 : sum / static_cast<double>(tally.counted);
}

void CountTurns(const ScheduleCursor& cursor, const ScheduledSession& session, Tally* tally) {
  for (uint32_t turn = 0; turn < session.turns; ++turn) {
    const ScheduledTurn scheduled = cursor.TurnOf(session.entry, turn);
    ++tally->counted;
    tally->isl += scheduled.isl;
    tally->osl += scheduled.requested_osl;
    tally->osl_known = tally->osl_known && scheduled.requested_osl > 0;
  }
}

Tally CountPhase(const v1::Plan& plan, uint32_t index, const Dataset* dataset) {
  Tally tally;
  const PhaseTotals totals = TotalsOf(plan, index, dataset);
  const bool is_bounded = totals.sessions != kUnboundedCredits;
  if (is_bounded) tally.requests = totals.requests;
  const uint64_t sample = is_bounded ? std::min(totals.sessions, kMostCounted) : kMostCounted / 100;
  ScheduleCursor cursor(plan, index, dataset);
  for (uint64_t session = 0; session < sample && tally.counted < kMostCounted; ++session) {
    CountTurns(cursor, cursor.At(session), &tally);
  }
  if (totals.sessions > 0 && IsOpenLoop(plan.phases(static_cast<int>(index)))) {
    tally.last_due_ns = ScheduleCursor(plan, index, dataset).At(totals.sessions - 1).intended_ns;
  }
  return tally;
}

std::string RequestsText(const Tally& tally, const v1::Phase& phase) {
  if (tally.requests > 0) return CountText(static_cast<double>(tally.requests));
  return absl::StrCat("as many as are answered in ", phase.duration_ns() / kNsPerSecond, " s");
}

std::string SecondsText(double seconds) { return absl::StrCat(ShortNumber(seconds), " s"); }

std::string DurationText(const Tally& tally, const v1::Phase& phase) {
  const double limit_s = static_cast<double>(phase.duration_ns()) / kNsPerSecond;
  if (tally.last_due_ns >= 0) {
    return absl::StrCat(SecondsText(static_cast<double>(tally.last_due_ns) / kNsPerSecond),
                        " until the last request is due, then its answer");
  }
  if (limit_s > 0) return absl::StrCat(SecondsText(limit_s), " at most, then the last answers");
  return "as long as the server takes: requests leave when others end";
}

std::string TokensText(const Tally& tally, bool produces_tokens) {
  const double isl = PerRequest(tally.isl, tally);
  const double osl = PerRequest(tally.osl, tally);
  const auto requests = static_cast<double>(tally.requests);
  const std::string each =
      !produces_tokens ? absl::StrCat(CountText(isl), " in per request")
      : tally.osl_known
          ? absl::StrCat(CountText(isl), " in and ", CountText(osl), " out per request")
          : absl::StrCat(CountText(isl), " in per request; output without a limit (no --osl)");
  if (tally.requests == 0) return each;
  const std::string in = absl::StrCat(CountText(isl * requests), " in");
  const std::string all = produces_tokens && tally.osl_known
                              ? absl::StrCat(in, ", ", CountText(osl * requests), " out")
                              : in;
  return absl::StrCat(all, " (", each, ")");
}

std::string LoadLine(const v1::Phase& phase) {
  const std::string cap =
      phase.concurrency() > 0 ? absl::StrCat("concurrency ", phase.concurrency()) : "";
  std::string rate;
  if (phase.mode() == v1::LOAD_RATE) {
    rate = absl::StrCat(CountText(phase.request_rate()), " requests/s");
  } else if (phase.mode() == v1::LOAD_FIXED_SCHEDULE) {
    rate = "fixed schedule";
  }
  if (rate.empty() || cap.empty()) return absl::StrCat(rate, cap);
  return absl::StrCat(rate, ", at most ", phase.concurrency(), " in flight");
}

double RateOf(const Tally& tally, const v1::Phase& phase, double request_s) {
  if (phase.mode() == v1::LOAD_RATE) return phase.request_rate();
  if (tally.last_due_ns > 0) {
    return static_cast<double>(tally.requests) * kNsPerSecond /
           static_cast<double>(tally.last_due_ns);
  }
  return phase.concurrency() / request_s;
}

std::string WorkersText(const v1::Plan& plan, const Tally& tally) {
  const v1::Phase& phase = *plan.phases().rbegin();
  const bool makes_tokens = DialectOf(plan.endpoint()).produces_tokens;
  const double osl = tally.osl_known ? PerRequest(tally.osl, tally) : kAssumedOsl;
  const double ttft_s = makes_tokens ? kAssumedTtftS : kAssumedEmbeddingS;
  const double request_s = makes_tokens ? ttft_s + kAssumedItlS * std::max(osl - 1, 0.0) : ttft_s;
  SizedLoad load;
  load.requests_per_second = RateOf(tally, phase, request_s);
  load.streams = load.requests_per_second * request_s;
  if (phase.concurrency() > 0) load.streams = std::min<double>(load.streams, phase.concurrency());
  load.chunks_per_second =
      plan.endpoint().streaming() && makes_tokens ? load.requests_per_second * osl : 0;
  load.first_wave = IsOpenLoop(phase) ? 0 : phase.concurrency();
  load.ttft_s = ttft_s;
  const std::string server =
      makes_tokens ? absl::StrCat("has a TTFT of 500 ms and an ITL of 20 ms",
                                  tally.osl_known ? "" : " and answers with 256 tokens")
                   : "answers in 50 ms";
  return absl::StrCat(WorkersNeeded(load), " needed if the server ", server, " (docs/sizing.md)");
}

std::string SeedText(const ProfileRequest& request) {
  return absl::StrCat("--random-seed ", request.plan.seed(),
                      request.seed_is_drawn ? " (drawn for this command)" : "");
}

}  // namespace

absl::StatusOr<std::string> DryRunSummary(const ProfileRequest& request) {
  DRUMFIRE_ASSIGN_OR_RETURN(const auto workload, WorkloadOf(request));
  const v1::Plan& plan = request.plan;
  const bool produces_tokens = DialectOf(plan.endpoint()).produces_tokens;
  std::string text = "Nothing was sent (--dry-run). The command is valid, and would send:\n";
  const auto add = [&text](const char* label, const std::string& line) {
    absl::StrAppend(&text, LabelledLine({label, line}, 3, {}));
  };
  Tally tally;
  for (int i = 0; i < plan.phases_size(); ++i) {
    const v1::Phase& phase = plan.phases(i);
    tally = CountPhase(plan, static_cast<uint32_t>(i), workload->dataset.get());
    if (plan.phases_size() > 1) add("Phase", phase.name());
    add("Requests", RequestsText(tally, phase));
    add("Load", LoadLine(phase));
    add("Duration", DurationText(tally, phase));
    add("Tokens", TokensText(tally, produces_tokens));
  }
  add("Seed", SeedText(request));
  add("Workers", WorkersText(plan, tally));
  return text;
}

}  // namespace drumfire
