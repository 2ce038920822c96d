#include "common/dataset/trace_times.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"

namespace drumfire {
namespace {

// Seconds since 1970 that a date of a trace may have: 2014 to 2049. No longer, for a trace's 17th
// to 28th day has the same numbers in milliseconds.
constexpr double kFirstDateS = 1.4e9, kLastDateS = 2.5e9;
// No run lasts longer, and ns stay far from overflow.
constexpr double kLongestScheduleS = 366 * 86400.0;
// A first row later than this may be the rest of a trace that was cut.
constexpr double kLongWaitS = 10;
// A trace with more requests per second is rather one in another unit.
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

const char* NameOf(TimeUnit unit) {
  return std::find_if(std::begin(kUnits), std::end(kUnits),
                      [unit](const NamedUnit& named) { return named.unit == unit; })
      ->name;
}

bool IsEarlier(const InputRow& a, const InputRow& b) { return *a.timestamp < *b.timestamp; }

// The unit in which the earliest timestamp is a date of our days; none when it is no date.
const NamedUnit* UnitOfDates(double first) {
  for (const NamedUnit& unit : kUnits) {
    const double seconds = first * NsOf(unit.unit) / kNsPerSecond;
    if (seconds >= kFirstDateS && seconds <= kLastDateS) return &unit;
  }
  return nullptr;
}

// Milliseconds, as AIPerf's formats have them, unless another unit was given or the timestamps are
// dates, whose size is certain. Fractions prove nothing: a wrong guess would stretch the load a
// thousandfold.
TimeUnit ChooseUnit(const InputFileOptions& options, const std::vector<InputRow>& rows,
                    std::vector<std::string>* notes) {
  if (options.time_unit) {
    notes->push_back(absl::StrCat("timestamps: ", NameOf(*options.time_unit), " (as given)"));
    return *options.time_unit;
  }
  const auto first = std::min_element(rows.begin(), rows.end(), &IsEarlier);
  const NamedUnit* const dates = UnitOfDates(*first->timestamp);
  if (dates == nullptr) return TimeUnit::kMilliseconds;
  notes->push_back(
      absl::StrCat("timestamps: dates in ", dates->name,
                   " since 1970 (detected from their size; --timestamp-unit overrules)"));
  return dates->unit;
}

void SortByTime(std::vector<InputRow>* rows, std::vector<std::string>* notes) {
  const auto late = std::is_sorted_until(rows->begin(), rows->end(), &IsEarlier);
  if (late == rows->end()) return;
  notes->push_back(absl::StrCat("rows: sorted by timestamp, since line ", late->line,
                                " comes before the line above it"));
  std::stable_sort(rows->begin(), rows->end(), &IsEarlier);
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
                                  " requests per second; if they are not ",
                                  options.time_unit ? NameOf(*options.time_unit) : "milliseconds",
                                  ", --timestamp-unit names their unit"));
  }
}

// Waits between the turns of a session are not kept: refused, so that no load is another than the
// file's.
absl::Status CheckDelays(absl::string_view path, const std::vector<InputRow>& rows) {
  for (const InputRow& row : rows) {
    if (row.delay_ms.value_or(0) == 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", row.line, ": delay: found ", *row.delay_ms,
                     " ms, expected none or 0 (waits between turns are not supported; "
                     "--ignore-trace-delays sends the rows without them)"));
  }
  return absl::OkStatus();
}

void LeaveOutTimes(std::vector<InputRow>* rows, std::vector<std::string>* notes) {
  size_t with_times = 0;
  for (InputRow& row : *rows) {
    if (row.timestamp || row.delay_ms) ++with_times;
    row.timestamp.reset();
    row.delay_ms.reset();
  }
  notes->push_back(
      absl::StrCat("timestamps and delays: left out as asked, in ", with_times, " rows"));
}

}  // namespace

absl::Status ApplyTimes(absl::string_view path, const InputFileOptions& options,
                        std::vector<InputRow>* rows, std::vector<int64_t>* times_ns,
                        std::vector<std::string>* notes) {
  if (options.ignore_times) LeaveOutTimes(rows, notes);
  if (absl::Status delays = CheckDelays(path, *rows); !delays.ok()) return delays;
  const absl::StatusOr<bool> have = HaveTimestamps(path, *rows);
  if (!have.ok()) return have.status();
  if (!*have) {
    if (!AsksForTimes(options)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(path,
                     ": timestamp: found none, expected one in each row (offsets and a "
                     "speed-up need them)"));
  }
  const double unit_ns = NsOf(ChooseUnit(options, *rows, notes));
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
