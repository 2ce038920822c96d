// One table defines every metric: its name, meaning and formula. The JSON, CSV, JSONL, console and
// docs/metrics.md are views of it. Tags, names and units follow AIPerf 0.13, so that programs that
// read its files can read ours; our own tags never change the meaning of a known one.
//
// Values are computed in base units (ns, tokens, bytes, tokens per second, percent) and displayed
// in the metric's unit. Everything here is immutable; any thread.
#pragma once

#include <cstdint>
#include <limits>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/metrics/record_view.h"

namespace drumfire {

struct RunTotals;

// The value of a metric that does not apply.
constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

enum class MetricKind {
  kRecord,      // one value per request: shown as a distribution
  kRecordList,  // many values per request, pooled: shown as a distribution
  kAggregate,   // one value per run: a count or an extreme
  kDerived,     // one value per run: a formula over the others
};

// The requests that have a value.
enum class Population {
  kCompleted,
  kSent,    // including failed and cancelled ones
  kFailed,  // only failed and cancelled ones
};

// The runs that have the metric.
enum class Applies {
  kAlways,
  kTokens,     // endpoints that produce tokens
  kStreaming,  // --streaming on such an endpoint
  kGoodput,    // --goodput was given
};

enum class Better { kSmaller, kLarger };

// The console table that shows it.
enum class ConsoleGroup { kNone, kMain, kUsage, kEffective, kDrumfire };

// Conversion from base units to the display unit (displayed = base / display_divisor) and to the
// histogram's integers (integer = round(base * histogram_factor) + histogram_offset).
struct Scale {
  double display_divisor = 1;
  double histogram_factor = 1;
  int64_t histogram_offset = 0;

  int64_t ToInteger(double base) const {
    const double scaled = base * histogram_factor;
    return static_cast<int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5)) + histogram_offset;
  }
  double IntegerToDisplay(double integer) const {
    return (integer - static_cast<double>(histogram_offset)) / histogram_factor / display_divisor;
  }
  double ToDisplay(double base) const { return base / display_divisor; }
  double FromDisplay(double shown) const { return shown * display_divisor; }
};

struct Metric {
  absl::string_view tag;
  absl::string_view name;
  absl::string_view unit;
  MetricKind kind = MetricKind::kRecord;
  Applies applies = Applies::kAlways;
  Better better = Better::kSmaller;
  Population population = Population::kCompleted;
  ConsoleGroup console = ConsoleGroup::kNone;
  int console_order = 0;
  Scale scale = {};
  // One of the first tags in profile_export_aiperf.json, as in AIPerf's first versions.
  bool headline = false;
  // Omitted from files and tables if it, or every value of it, is zero. A goal still sees the zero.
  bool hidden_when_zero = false;
  // Never exported.
  bool internal = false;
  // In base units; kNoValue if the request has none. Null unless kind is kRecord.
  double (*of_record)(const RecordView&) = nullptr;
  // In base units; kNoValue if the run has none. Null unless kind is kAggregate or kDerived.
  double (*of_run)(const RunTotals&) = nullptr;
  absl::string_view formula;
};

// The whole table, in the order used in files.
absl::Span<const Metric> AllMetrics();
// Null for an unknown tag. Never freed.
const Metric* FindMetric(absl::string_view tag);

// True for units whose values are whole numbers (tokens, requests, counts).
bool HasWholeValues(const Metric& metric);
bool IsDistribution(const Metric& metric);

}  // namespace drumfire
