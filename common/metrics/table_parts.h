// The rows of the metric table, in parts, and the scales they use. Read it through metric.h.
#pragma once

#include "absl/types/span.h"
#include "common/metrics/metric.h"

namespace drumfire {

constexpr Scale kMs = {.display_divisor = 1e6};
constexpr Scale kSeconds = {.display_divisor = 1e9};
constexpr Scale kKilobytes = {.display_divisor = 1024};
// Tokens per second, kept to 1e-5.
constexpr Scale kRate = {.histogram_factor = 1e5};
constexpr Scale kPercent = {.histogram_factor = 1000};
// From -100 % on; steps of 0.1 %, exact near zero.
constexpr Scale kSignedPercent = {.histogram_factor = 10, .histogram_offset = 1000};

// The tags that stand first in profile_export_aiperf.json.
absl::Span<const Metric> HeadlineMetrics();
absl::Span<const Metric> SecondaryMetrics();
// From the connection's point of view; names follow k6.
absl::Span<const Metric> HttpMetrics();
// The server's usage object.
absl::Span<const Metric> UsageMetrics();
// Delays of the send, and every latency once more from the intended time.
absl::Span<const Metric> DelayMetrics();

}  // namespace drumfire
