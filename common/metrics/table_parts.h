// The parts of the metric table, and the scales they use. Access the table through metric.h.
#pragma once

#include "absl/types/span.h"
#include "common/metrics/metric.h"

namespace drumfire {

constexpr Scale kMs = {.display_divisor = 1e6};
constexpr Scale kSeconds = {.display_divisor = 1e9};
constexpr Scale kKilobytes = {.display_divisor = 1024};
// Tokens per second, with a resolution of 1e-5.
constexpr Scale kRate = {.histogram_factor = 1e5};
constexpr Scale kPercent = {.histogram_factor = 1000};
// From -100 % upwards, in steps of 0.1 %, exact near zero.
constexpr Scale kSignedPercent = {.histogram_factor = 10, .histogram_offset = 1000};

// The headline figures, first in profile_export_aiperf.json; then AIPerf's other metrics.
absl::Span<const Metric> HeadlineMetrics();
absl::Span<const Metric> SecondaryMetrics();
// From the connection's point of view; names follow k6.
absl::Span<const Metric> HttpMetrics();
// The server's usage object.
absl::Span<const Metric> UsageMetrics();
// Send delays, and every latency measured from the intended time.
absl::Span<const Metric> DelayMetrics();

}  // namespace drumfire
