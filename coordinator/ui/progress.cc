#include "coordinator/ui/progress.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"

namespace drumfire {
namespace {

// "44 s", "3 min 05 s", "2 h 07 min".
std::string TimeText(int64_t ns) {
  const int64_t seconds = (ns + kNsPerSecond - 1) / kNsPerSecond;
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3600) return absl::StrFormat("%d min %02d s", seconds / 60, seconds % 60);
  return absl::StrFormat("%d h %02d min", seconds / 3600, seconds % 3600 / 60);
}

std::string DoneText(const ProgressSnapshot& snapshot) {
  if (snapshot.total == 0) return absl::StrCat(snapshot.finished, " done");
  const double percent =
      100.0 * static_cast<double>(snapshot.finished) / static_cast<double>(snapshot.total);
  return absl::StrFormat("%d/%d (%.0f %%)", snapshot.finished, snapshot.total, percent);
}

std::string RateText(const ProgressSnapshot& snapshot) {
  std::string text = absl::StrFormat("%.1f/s", snapshot.rate_reached);
  if (snapshot.rate_asked > 0) absl::StrAppendFormat(&text, " of %.1f/s", snapshot.rate_asked);
  return text;
}

std::string InFlightText(const ProgressSnapshot& snapshot) {
  std::string text = absl::StrCat("in flight ", snapshot.in_flight);
  if (snapshot.concurrency > 0) absl::StrAppend(&text, " of ", snapshot.concurrency);
  return text;
}

std::string EndText(const ProgressSnapshot& snapshot) {
  if (snapshot.draining) return "waiting for the last answers";
  if (snapshot.elapsed_ns < 0) return absl::StrCat("starts in ", TimeText(-snapshot.elapsed_ns));
  const int64_t remaining_ns = RemainingNs(snapshot);
  return remaining_ns < 0 ? "" : absl::StrCat(TimeText(remaining_ns), " left");
}

// From the share done so far; unknown before the first request is done.
int64_t RemainingByPace(const ProgressSnapshot& snapshot) {
  if (snapshot.finished == 0 || snapshot.elapsed_ns <= 0) return -1;
  const uint64_t open = snapshot.total - std::min(snapshot.finished, snapshot.total);
  const double ns_per_request =
      static_cast<double>(snapshot.elapsed_ns) / static_cast<double>(snapshot.finished);
  return static_cast<int64_t>(ns_per_request * static_cast<double>(open));
}

}  // namespace

int64_t RemainingNs(const ProgressSnapshot& snapshot) {
  int64_t remaining_ns = -1;
  const auto consider = [&](int64_t ns) {
    remaining_ns = remaining_ns < 0 ? ns : std::min(remaining_ns, ns);
  };
  const int64_t elapsed_ns = std::max<int64_t>(snapshot.elapsed_ns, 0);
  if (snapshot.duration_ns > 0) consider(std::max<int64_t>(snapshot.duration_ns - elapsed_ns, 0));
  if (snapshot.schedule_end_ns > 0) {
    consider(std::max<int64_t>(snapshot.schedule_end_ns - elapsed_ns, 0));
  } else if (const int64_t by_pace = RemainingByPace(snapshot);
             snapshot.total > 0 && by_pace >= 0) {
    consider(by_pace);
  }
  return remaining_ns;
}

std::string ProgressText(const ProgressSnapshot& snapshot) {
  std::string text = absl::StrCat(snapshot.phase, " ", DoneText(snapshot), "  ", RateText(snapshot),
                                  "  ", InFlightText(snapshot), "  ", snapshot.errors,
                                  snapshot.errors == 1 ? " error" : " errors");
  const std::string end = EndText(snapshot);
  return end.empty() ? text : absl::StrCat(text, "  ", end);
}

}  // namespace drumfire
