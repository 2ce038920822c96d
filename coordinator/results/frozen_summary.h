// A summary put away in a few kilobytes, to be taken up again when a late record asks for it.
#pragma once

#include <string>

#include "common/metrics/summary.h"

namespace drumfire {

std::string Freeze(const MetricSummary& summary);
// bytes: what Freeze gave for a summary of this context in this process.
MetricSummary Thaw(const std::string& bytes, const MetricContext& context);

}  // namespace drumfire
