#include "common/metrics/run_totals.h"

#include <algorithm>

namespace drumfire {

void UsageTotal::Add(bool is_sent, uint32_t count) {
  tokens += count;
  requests += is_sent ? 1 : 0;
}

void UsageTotal::Merge(const UsageTotal& other) {
  tokens += other.tokens;
  requests += other.requests;
}

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
  usage_prompt.Merge(other.usage_prompt);
  usage_completion.Merge(other.usage_completion);
  usage_reasoning.Merge(other.usage_reasoning);
  usage_cached.Merge(other.usage_cached);
  usage_total.Merge(other.usage_total);
  with_isl += other.with_isl;
  with_tokens += other.with_tokens;
  with_usage += other.with_usage;
  malformed_usage += other.malformed_usage;
  in_flight_ns += other.in_flight_ns;
  decoded_tokens += other.decoded_tokens;
  error_isl += other.error_isl;
  first_sent_ns = std::min(first_sent_ns, other.first_sent_ns);
  last_content_ns = std::max(last_content_ns, other.last_content_ns);
}

}  // namespace drumfire
