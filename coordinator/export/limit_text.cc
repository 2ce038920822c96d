#include "coordinator/export/limit_text.h"

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

using verdict_bounds::kSuspectRateRatio;

// A wait for a slot that is worth a word, ms.
constexpr double kNotedWaitMs = 1;

bool IsShort(double ratio) { return ratio > 0 && ratio < kSuspectRateRatio; }

std::string WaitText(const RunResult& result) {
  const MetricBlock* wait = FindBlock(result.profiling.blocks, "slot_wait");
  if (wait == nullptr || wait->Stat("p99") < kNotedWaitMs) return "";
  return absl::StrCat("; slot wait p99 ", TimeText(wait->Stat("p99") * kNsPerMs));
}

std::string OpenLoopLimit(const RunResult& result) {
  const LoadFigures& load = result.profiling.load;
  const std::string wait = WaitText(result);
  if (IsShort(load.client_rate_ratio)) return "the client: it could not send at the rate asked for";
  if (IsShort(load.rate_ratio) && load.asked_concurrency > 0) {
    return absl::StrCat("the concurrency of ", load.asked_concurrency, wait);
  }
  if (IsShort(load.rate_ratio)) return "connections: see the reasons of the verdict";
  if (load.asked_rate == 0) return absl::StrCat("the schedule's own times", wait);
  return absl::StrCat("the rate asked for, ", CountText(load.asked_rate), " requests/s", wait);
}

}  // namespace

std::string LimitText(const RunResult& result) {
  const LoadFigures& load = result.profiling.load;
  if (result.profiling.totals.completed == 0) return "";
  if (load.scheduled_rate > 0 || load.asked_rate > 0) return OpenLoopLimit(result);
  if (load.asked_concurrency == 0) return "";
  return absl::StrCat("the concurrency of ", load.asked_concurrency,
                      ": a request leaves when another one ends");
}

}  // namespace drumfire
