#include "common/dataset/trace_times.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr double kNsPerSecond = 1e9;
// Seconds since 1970 that a date of a trace may have: 2001 to 2100.
constexpr double kFirstDateS = 1e9, kLastDateS = 4.1e9;
// No run lasts longer, and ns stay far from overflow.
constexpr double kLongestScheduleS = 366 * 86400.0;
// A first row later than this may be the rest of a trace that was cut.
constexpr double kLongWaitS = 10;
// A trace of more requests a second is rather one whose unit was misread.
constexpr double kSuspiciousRate = 1000;

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

double NsOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kNanoseconds:
      return 1;
    case TimeUnit::kMicroseconds:
      return 1e3;
    case TimeUnit::kMilliseconds:
      return 1e6;
    case TimeUnit::kSeconds:
      break;
  }
  return kNsPerSecond;
}

struct NamedUnit {
  TimeUnit unit;
  const char* name;
};

constexpr NamedUnit kUnits[] = {{TimeUnit::kSeconds, "seconds"},
                                {TimeUnit::kMilliseconds, "milliseconds"},
                                {TimeUnit::kMicroseconds, "microseconds"},
                                {TimeUnit::kNanoseconds, "nanoseconds"}};

// The unit in which the earliest timestamp is a date of our days; none when it is no date.
const NamedUnit* UnitOfDates(double first) {
  for (const NamedUnit& unit : kUnits) {
    const double seconds = first * NsOf(unit.unit) / kNsPerSecond;
    if (seconds >= kFirstDateS && seconds <= kLastDateS) return &unit;
  }
  return nullptr;
}

// Dates tell their unit by their size. Else Mooncake files count whole milliseconds, and fractions
// mean seconds, unless that would be a trace of hardly any traffic.
TimeUnit DetectUnit(const std::vector<InputRow>& rows, std::vector<std::string>* notes) {
  constexpr double kRarestSeconds = 100;
  const auto is_whole = [](const InputRow& row) {
    return *row.timestamp == std::floor(*row.timestamp);
  };
  const auto [first, last] = std::minmax_element(
      rows.begin(), rows.end(),
      [](const InputRow& a, const InputRow& b) { return *a.timestamp < *b.timestamp; });
  if (const NamedUnit* dates = UnitOfDates(*first->timestamp); dates != nullptr) {
    notes->push_back(
        absl::StrCat("timestamps: dates in ", dates->name, " since 1970 (told from their size)"));
    return dates->unit;
  }
  if (std::all_of(rows.begin(), rows.end(), is_whole)) {
    notes->push_back("timestamps: milliseconds (told from their being whole numbers)");
    return TimeUnit::kMilliseconds;
  }
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
  if (options.auto_offset) return first;
  if (options.start_offset_ns) return static_cast<double>(*options.start_offset_ns) / unit_ns;
  if (first * unit_ns < kFirstDateS * kNsPerSecond) return 0;
  notes->push_back("timestamps: they are dates, so the first row becomes t = 0");
  return first;
}

// Sorted rows -> ns from the start.
absl::Status ConvertTimes(absl::string_view path, const std::vector<InputRow>& rows, double zero,
                          double unit_ns, std::vector<int64_t>* times_ns) {
  times_ns->reserve(rows.size());
  for (const InputRow& row : rows) {
    const double ns = (*row.timestamp - zero) * unit_ns;
    if (ns > kLongestScheduleS * kNsPerSecond) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ":", row.line, ": timestamp: found ", *row.timestamp, ", which is ",
          ns / kNsPerSecond, " s after the start, expected at most ", kLongestScheduleS));
    }
    times_ns->push_back(std::llround(ns));
  }
  return absl::OkStatus();
}

// What the replay will look like: a unit misread shows here.
void NoteSchedule(const std::vector<int64_t>& times_ns, const InputFileOptions& options,
                  std::vector<std::string>* notes) {
  const double first_s = static_cast<double>(times_ns.front()) / kNsPerSecond;
  const double last_s = static_cast<double>(times_ns.back()) / kNsPerSecond;
  notes->push_back(absl::StrCat(
      "schedule: first row at ", first_s, " s, last at ", last_s, " s",
      first_s > kLongWaitS ? " (--fixed-schedule-auto-offset starts with the first row)" : ""));
  const double rate = static_cast<double>(times_ns.size()) / ((last_s - first_s) * options.speedup);
  if (times_ns.size() > 1 && last_s > first_s && rate > kSuspiciousRate) {
    notes->push_back(absl::StrCat("timestamps: the file then holds ", std::llround(rate),
                                  " requests a second; if they are seconds: "
                                  "--synthesis-speedup-ratio ",
                                  options.speedup / 1000));
  }
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
  const double unit_ns = NsOf(unit);
  SortByTime(rows, notes);
  const absl::Status kept = KeepWindow(path, options, unit_ns, rows, notes);
  if (!kept.ok()) return kept;
  const double zero = ZeroOf(options, unit_ns, *rows->front().timestamp, notes);
  const absl::Status converted =
      ConvertTimes(path, *rows, zero, unit_ns / options.speedup, times_ns);
  if (!converted.ok()) return converted;
  NoteSchedule(*times_ns, options, notes);
  return absl::OkStatus();
}

}  // namespace drumfire
