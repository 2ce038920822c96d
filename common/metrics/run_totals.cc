#include "common/metrics/run_totals.h"

#include <algorithm>

namespace drumfire {

void RunTotals::Merge(const RunTotals& other) {
  completed += other.completed;
  failed += other.failed;
  cancelled += other.cancelled;
  dropped += other.dropped;
  good += other.good;
  osl_mismatches += other.osl_mismatches;
  usage_discrepancies += other.usage_discrepancies;
  isl += other.isl;
  output_tokens += other.output_tokens;
  reasoning_tokens += other.reasoning_tokens;
  usage_prompt += other.usage_prompt;
  usage_completion += other.usage_completion;
  usage_reasoning += other.usage_reasoning;
  usage_cached += other.usage_cached;
  usage_total += other.usage_total;
  with_tokens += other.with_tokens;
  with_usage += other.with_usage;
  in_flight_ns += other.in_flight_ns;
  decoded_tokens += other.decoded_tokens;
  error_isl += other.error_isl;
  first_sent_ns = std::min(first_sent_ns, other.first_sent_ns);
  last_content_ns = std::max(last_content_ns, other.last_content_ns);
}

}  // namespace drumfire
