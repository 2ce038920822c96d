// One table defines every metric: what it is called, what it means and how it is computed. The
// JSON, CSV, JSONL, console and docs/metrics.md are views of it. Tags, names and units follow
// AIPerf 0.13, so that what reads its files reads ours; a tag of our own never changes the meaning
// of a known one.
//
// Values are computed in base units (ns, tokens, bytes, tokens per second, percent) and shown in
// the metric's unit. Everything here is immutable; any thread.
#pragma once

#include <cstdint>
#include <limits>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/metrics/record_view.h"

namespace drumfire {

struct RunTotals;

// What the value of a metric that does not apply is.
constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

enum class MetricKind {
  kRecord,      // one value a request: shown as a distribution
  kRecordList,  // many values a request, pooled: shown as a distribution
  kAggregate,   // one value a run: a count or an extreme
  kDerived,     // one value a run: a formula over the others
};

// Which requests give a value.
enum class Population {
  kCompleted,
  kSent,    // failed and cancelled ones too
  kFailed,  // failed and cancelled ones only
};

// Which runs have the metric.
enum class Applies {
  kAlways,
  kTokens,     // endpoints that produce tokens
  kStreaming,  // --streaming on such an endpoint
  kGoodput,    // --goodput was given
};

enum class Better { kSmaller, kLarger };

// Which console table shows it.
enum class ConsoleGroup { kNone, kMain, kUsage, kEffective, kDrumfire };

// From base units to the shown unit (shown = base / display_divisor) and to the histogram's
// integers (integer = round(base * histogram_factor) + histogram_offset).
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
  // Among the tags that stand first in profile_export_aiperf.json, as in its first versions.
  bool headline = false;
  // Left out of files and tables when it, or every value of it, is zero. A goal still sees a run's
  // zero.
  bool hidden_when_zero = false;
  // Never exported.
  bool internal = false;
  // Base units, kNoValue when the request has none. Null unless kind is kRecord.
  double (*of_record)(const RecordView&) = nullptr;
  // Base units, kNoValue when the run has none. Null unless kind is kAggregate or kDerived.
  double (*of_run)(const RunTotals&) = nullptr;
  absl::string_view formula;
};

// The whole table, in the order in which files list the metrics.
absl::Span<const Metric> AllMetrics();
// Null for an unknown tag. Lives forever.
const Metric* FindMetric(absl::string_view tag);

// True for units whose values are whole numbers (tokens, requests, counts).
bool HasWholeValues(const Metric& metric);
bool IsDistribution(const Metric& metric);

}  // namespace drumfire
