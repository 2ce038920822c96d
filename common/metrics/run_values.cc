#include "common/metrics/run_values.h"

#include "common/clock/clock.h"
#include "common/metrics/metric.h"

namespace drumfire::run_values {
namespace {

double Count(int64_t count) { return static_cast<double>(count); }

double Ratio(double part, double whole) { return whole > 0 ? part / whole : kNoValue; }

// Over the phase window.
double PerWindowSecond(int64_t amount, const RunTotals& totals) {
  return Ratio(Count(amount) * kNsPerSecond, Count(totals.window_ns));
}

double IfTokens(const RunTotals& totals, double value) {
  return totals.with_tokens > 0 ? value : kNoValue;
}

// A run without answers has counted no prompt, which is no lack.
double IfIsl(const RunTotals& totals, double value) {
  return totals.with_isl > 0 || totals.completed == 0 ? value : kNoValue;
}

double TokensOf(const UsageTotal& total) {
  return total.requests > 0 ? Count(total.tokens) : kNoValue;
}

}  // namespace

double RequestCount(const RunTotals& totals) { return Count(totals.completed); }

double ErrorRequestCount(const RunTotals& totals) { return Count(totals.errors()); }

double CompletedRequestCount(const RunTotals& totals) {
  return Count(totals.completed + totals.errors());
}

double RequestErrorPercent(const RunTotals& totals) {
  return 100 * Ratio(Count(totals.failed), Count(totals.completed + totals.failed));
}

double GoodRequestCount(const RunTotals& totals) { return Count(totals.good); }

double GoodRequestFraction(const RunTotals& totals) {
  return Ratio(Count(totals.good), CompletedRequestCount(totals));
}

double OslMismatchCount(const RunTotals& totals) { return Count(totals.osl_mismatches); }

double UsageDiscrepancyCount(const RunTotals& totals) {
  return totals.with_usage > 0 ? Count(totals.usage_discrepancies) : kNoValue;
}

double RequestThroughput(const RunTotals& totals) {
  return PerWindowSecond(totals.completed, totals);
}

double Goodput(const RunTotals& totals) { return PerWindowSecond(totals.good, totals); }

double OutputTokenThroughput(const RunTotals& totals) {
  return IfTokens(totals, PerWindowSecond(totals.osl(), totals));
}

double InputTokenThroughput(const RunTotals& totals) {
  return IfIsl(totals, PerWindowSecond(totals.isl, totals));
}

double TotalTokenThroughput(const RunTotals& totals) {
  return IfTokens(totals, IfIsl(totals, PerWindowSecond(totals.isl + totals.osl(), totals)));
}

double EffectiveConcurrency(const RunTotals& totals) {
  return Ratio(Count(totals.in_flight_ns), Count(totals.window_ns));
}

double EffectiveDecodeThroughput(const RunTotals& totals) {
  return IfTokens(totals, PerWindowSecond(totals.decoded_tokens, totals));
}

double EffectivePrefillThroughput(const RunTotals& totals) {
  return IfIsl(totals, PerWindowSecond(totals.isl, totals));
}

double BenchmarkDuration(const RunTotals& totals) {
  return totals.completed > 0 ? Count(totals.last_content_ns - totals.first_sent_ns) : kNoValue;
}

double MinRequestTimestamp(const RunTotals& totals) {
  return totals.completed > 0 ? Count(totals.wall_start_ns + totals.first_sent_ns) : kNoValue;
}

double MaxResponseTimestamp(const RunTotals& totals) {
  return totals.completed > 0 ? Count(totals.wall_start_ns + totals.last_content_ns) : kNoValue;
}

double TotalIsl(const RunTotals& totals) { return IfIsl(totals, Count(totals.isl)); }

double TotalOsl(const RunTotals& totals) { return IfTokens(totals, Count(totals.osl())); }

double TotalOutputTokens(const RunTotals& totals) {
  return IfTokens(totals, Count(totals.output_tokens));
}

double TotalReasoningTokens(const RunTotals& totals) {
  return totals.reasoning_tokens > 0 ? Count(totals.reasoning_tokens) : kNoValue;
}

double TotalErrorIsl(const RunTotals& totals) {
  return totals.errors() > 0 ? Count(totals.error_isl) : kNoValue;
}

double TotalUsagePrompt(const RunTotals& totals) { return TokensOf(totals.usage_prompt); }

double TotalUsageCompletion(const RunTotals& totals) { return TokensOf(totals.usage_completion); }

double TotalUsageReasoning(const RunTotals& totals) { return TokensOf(totals.usage_reasoning); }

double TotalUsageCached(const RunTotals& totals) { return TokensOf(totals.usage_cached); }

double TotalUsageTotal(const RunTotals& totals) { return TokensOf(totals.usage_total); }

double OverallCacheReadPercent(const RunTotals& totals) {
  return 100 * Ratio(TotalUsageCached(totals), Count(totals.usage_prompt.tokens));
}

}  // namespace drumfire::run_values
