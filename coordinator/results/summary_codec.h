// A summary as a few kilobytes of bytes, restored when a late record arrives for it.
#pragma once

#include <string>

#include "common/metrics/summary.h"

namespace drumfire {

std::string SerializeSummary(const MetricSummary& summary);
// bytes: what SerializeSummary returned for a summary of this context in this process.
MetricSummary DeserializeSummary(const std::string& bytes, const MetricContext& context);

}  // namespace drumfire
