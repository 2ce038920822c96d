#include "coordinator/ui/progress.h"

#include <algorithm>
#include <climits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

// "44 s", "3 min 05 s", "2 h 07 min".
std::string LeftText(int64_t ns) {
  const int64_t seconds = (ns + kNsPerSecond - 1) / kNsPerSecond;
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3600) return absl::StrFormat("%d min %02d s", seconds / 60, seconds % 60);
  return absl::StrFormat("%d h %02d min", seconds / 3600, seconds % 3600 / 60);
}

// One figure of the line: in full, in short, and how soon it is left out (0 = never).
struct Piece {
  std::string full;
  std::string brief;
  int rank = 0;
};

Piece DonePiece(const ProgressSnapshot& snapshot) {
  if (snapshot.total == 0) {
    const std::string text = absl::StrCat(snapshot.phase, " ", snapshot.finished, " done");
    return {text, text};
  }
  const double percent =
      100.0 * static_cast<double>(snapshot.finished) / static_cast<double>(snapshot.total);
  return {absl::StrFormat("%s %d/%d (%.0f %%)", snapshot.phase, snapshot.finished, snapshot.total,
                          percent),
          absl::StrFormat("%s %.0f %%", snapshot.phase, percent)};
}

Piece RatePiece(const ProgressSnapshot& snapshot) {
  const std::string reached = absl::StrFormat("%.1f/s", snapshot.rate_reached);
  if (snapshot.rate_asked == 0) return {reached, reached, 3};
  return {absl::StrFormat("%s of %.1f/s", reached, snapshot.rate_asked), reached, 3};
}

Piece InFlightPiece(const ProgressSnapshot& snapshot) {
  std::string text = absl::StrCat("in flight ", snapshot.in_flight);
  if (snapshot.concurrency > 0) absl::StrAppend(&text, " of ", snapshot.concurrency);
  return {text, absl::StrCat(snapshot.in_flight, " in flight"), 4};
}

Piece LatencyPiece(const ProgressSnapshot& snapshot) {
  if (snapshot.latency_p50_ns < 0) return {};
  const ShownUnit unit = ShownUnitFor(snapshot.latency_p50_ns);
  return {absl::StrCat(snapshot.latency_name, " p50 ", TimeText(snapshot.latency_p50_ns), ", p99 ",
                       TimeText(snapshot.latency_p99_ns)),
          absl::StrCat(snapshot.latency_name, " ", ShortNumber(snapshot.latency_p50_ns / unit.ns),
                       "/", ShortNumber(snapshot.latency_p99_ns / unit.ns), " ", unit.name),
          1};
}

Piece TokensPiece(const ProgressSnapshot& snapshot) {
  if (snapshot.tokens_per_second == 0) return {};
  const std::string number = CountText(snapshot.tokens_per_second);
  return {absl::StrCat(number, " tokens/s"), absl::StrCat(number, " tok/s"), 2};
}

Piece ErrorPiece(const ProgressSnapshot& snapshot) {
  const std::string text =
      absl::StrCat(snapshot.errors, snapshot.errors == 1 ? " error" : " errors");
  return {text, snapshot.errors == 0 ? "" : text};
}

std::string EndText(const ProgressSnapshot& snapshot) {
  if (snapshot.draining) return "waiting for the last answers";
  if (snapshot.elapsed_ns < 0) return absl::StrCat("starts in ", LeftText(-snapshot.elapsed_ns));
  const int64_t remaining_ns = RemainingNs(snapshot);
  return remaining_ns < 0 ? "" : absl::StrCat(LeftText(remaining_ns), " left");
}

// From the share done so far; unknown before the first request is done.
int64_t RemainingByPace(const ProgressSnapshot& snapshot) {
  if (snapshot.finished == 0 || snapshot.elapsed_ns <= 0) return -1;
  const uint64_t open = snapshot.total - std::min(snapshot.finished, snapshot.total);
  const double ns_per_request =
      static_cast<double>(snapshot.elapsed_ns) / static_cast<double>(snapshot.finished);
  return static_cast<int64_t>(ns_per_request * static_cast<double>(open));
}

constexpr int kRanks = 4;

// Pieces of a rank up to the given one, two blanks apart.
std::string Joined(const std::vector<Piece>& pieces, std::string Piece::*form, int highest_rank) {
  std::string text;
  for (const Piece& piece : pieces) {
    if ((piece.*form).empty() || piece.rank > highest_rank) continue;
    absl::StrAppend(&text, text.empty() ? "" : "  ", piece.*form);
  }
  return text;
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

std::string ProgressText(const ProgressSnapshot& snapshot, size_t columns) {
  std::vector<Piece> pieces = {DonePiece(snapshot),     RatePiece(snapshot),
                               InFlightPiece(snapshot), LatencyPiece(snapshot),
                               TokensPiece(snapshot),   ErrorPiece(snapshot)};
  const std::string end = EndText(snapshot);
  pieces.push_back({end, end});
  std::string text = Joined(pieces, &Piece::full, INT_MAX);
  for (int rank = kRanks; columns > 0 && text.size() > columns && rank >= 0; --rank) {
    text = Joined(pieces, &Piece::brief, rank);
  }
  return text;
}

}  // namespace drumfire
