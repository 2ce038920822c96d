// Serializes a summary to a few kilobytes, and restores it when a late record arrives for it.
#pragma once

#include <string>

#include "common/metrics/summary.h"

namespace drumfire {

std::string SerializeSummary(const MetricSummary& summary);
// bytes: from SerializeSummary in this process, for a summary of this context.
MetricSummary DeserializeSummary(const std::string& bytes, const MetricContext& context);

}  // namespace drumfire
