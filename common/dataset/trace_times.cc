#include "common/dataset/trace_times.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr double kNsPerMs = 1e6;
constexpr double kNsPerSecond = 1e9;

// All rows have timestamps (true) or none has.
absl::StatusOr<bool> HaveTimestamps(absl::string_view path, const std::vector<InputRow>& rows) {
  const bool first = rows.front().timestamp.has_value();
  for (const InputRow& row : rows) {
    if (row.timestamp.has_value() == first) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", row.line, ": timestamp: found ", first ? "none" : "one",
                     ", expected ", first ? "one" : "none", " as in line ", rows.front().line));
  }
  return first;
}

bool AsksForTimes(const InputFileOptions& options) {
  return options.auto_offset || options.start_offset_ns.has_value() ||
         options.end_offset_ns.has_value() || options.speedup != 1;
}

// Mooncake files count whole milliseconds. Fractions mean seconds, unless that would be a trace of
// hardly any traffic.
TimeUnit DetectUnit(const std::vector<InputRow>& rows, std::vector<std::string>* notes) {
  constexpr double kRarestSeconds = 100;
  const auto is_whole = [](const InputRow& row) {
    return *row.timestamp == std::floor(*row.timestamp);
  };
  if (std::all_of(rows.begin(), rows.end(), is_whole)) {
    notes->push_back("timestamps: milliseconds (told from their being whole numbers)");
    return TimeUnit::kMilliseconds;
  }
  const auto [first, last] = std::minmax_element(
      rows.begin(), rows.end(),
      [](const InputRow& a, const InputRow& b) { return *a.timestamp < *b.timestamp; });
  const double mean_gap = (*last->timestamp - *first->timestamp) / static_cast<double>(rows.size());
  if (mean_gap > kRarestSeconds) {
    notes->push_back(absl::StrCat("timestamps: milliseconds (told from their mean gap of ",
                                  mean_gap, ", which would be long in seconds)"));
    return TimeUnit::kMilliseconds;
  }
  notes->push_back("timestamps: seconds (told from their fractions)");
  return TimeUnit::kSeconds;
}

void SortByTime(std::vector<InputRow>* rows, std::vector<std::string>* notes) {
  const auto earlier = [](const InputRow& a, const InputRow& b) {
    return *a.timestamp < *b.timestamp;
  };
  const auto late = std::is_sorted_until(rows->begin(), rows->end(), earlier);
  if (late == rows->end()) return;
  notes->push_back(absl::StrCat("rows: sorted by timestamp, since line ", late->line,
                                " comes before the line above it"));
  std::stable_sort(rows->begin(), rows->end(), earlier);
}

absl::Status KeepWindow(absl::string_view path, const InputFileOptions& options, double unit_ns,
                        std::vector<InputRow>* rows, std::vector<std::string>* notes) {
  if (!options.start_offset_ns && !options.end_offset_ns) return absl::OkStatus();
  const size_t all = rows->size();
  rows->erase(std::remove_if(rows->begin(), rows->end(),
                             [&](const InputRow& row) {
                               const double ns = *row.timestamp * unit_ns;
                               return (options.start_offset_ns && ns < *options.start_offset_ns) ||
                                      (options.end_offset_ns && ns > *options.end_offset_ns);
                             }),
              rows->end());
  if (rows->empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": timestamp: found none of ", all,
                     " rows between the start and the end offset, expected at least one"));
  }
  notes->push_back(absl::StrCat("rows: ", rows->size(), " of ", all,
                                " lie between the start and the end offset"));
  return absl::OkStatus();
}

// The timestamp that becomes t = 0, in the file's unit.
double ZeroOf(const InputFileOptions& options, double unit_ns, double first,
              std::vector<std::string>* notes) {
  constexpr double kDateNs = 30 * 86400 * kNsPerSecond;
  if (options.auto_offset) return first;
  if (options.start_offset_ns) return static_cast<double>(*options.start_offset_ns) / unit_ns;
  if (first * unit_ns < kDateNs) return 0;
  notes->push_back("timestamps: they look like dates, so the first row becomes t = 0");
  return first;
}

}  // namespace

absl::Status ApplyTimes(absl::string_view path, const InputFileOptions& options,
                        std::vector<InputRow>* rows, std::vector<int64_t>* times_ns,
                        std::vector<std::string>* notes) {
  const absl::StatusOr<bool> have = HaveTimestamps(path, *rows);
  if (!have.ok()) return have.status();
  if (!*have) {
    if (!AsksForTimes(options)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(path,
                     ": timestamp: found none, expected one in each row (offsets and a "
                     "speed-up need them)"));
  }
  const TimeUnit unit = options.time_unit ? *options.time_unit : DetectUnit(*rows, notes);
  const double unit_ns = unit == TimeUnit::kSeconds ? kNsPerSecond : kNsPerMs;
  SortByTime(rows, notes);
  const absl::Status kept = KeepWindow(path, options, unit_ns, rows, notes);
  if (!kept.ok()) return kept;
  const double zero = ZeroOf(options, unit_ns, *rows->front().timestamp, notes);
  times_ns->reserve(rows->size());
  for (const InputRow& row : *rows) {
    times_ns->push_back(std::llround((*row.timestamp - zero) * (unit_ns / options.speedup)));
  }
  const auto seconds = [](int64_t ns) { return static_cast<double>(ns) / kNsPerSecond; };
  notes->push_back(absl::StrCat("schedule: first row at ", seconds(times_ns->front()),
                                " s, last at ", seconds(times_ns->back()), " s"));
  return absl::OkStatus();
}

}  // namespace drumfire
