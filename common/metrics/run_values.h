// The per-run formulas of the metric table, base units. kNoValue if the run has no such value.
#pragma once

#include "common/metrics/run_totals.h"

namespace drumfire::run_values {

double RequestCount(const RunTotals& totals);
double ErrorRequestCount(const RunTotals& totals);
double CompletedRequestCount(const RunTotals& totals);
double RequestErrorPercent(const RunTotals& totals);
double GoodRequestCount(const RunTotals& totals);
double GoodRequestFraction(const RunTotals& totals);
double OslMismatchCount(const RunTotals& totals);
double UsageDiscrepancyCount(const RunTotals& totals);

double RequestThroughput(const RunTotals& totals);
double Goodput(const RunTotals& totals);
double OutputTokenThroughput(const RunTotals& totals);
double InputTokenThroughput(const RunTotals& totals);
double TotalTokenThroughput(const RunTotals& totals);

// Means over the phase window of AIPerf's curves.
double EffectiveConcurrency(const RunTotals& totals);
double EffectiveDecodeThroughput(const RunTotals& totals);
double EffectivePrefillThroughput(const RunTotals& totals);

double BenchmarkDuration(const RunTotals& totals);
double MinRequestTimestamp(const RunTotals& totals);
double MaxResponseTimestamp(const RunTotals& totals);

double TotalIsl(const RunTotals& totals);
double TotalOsl(const RunTotals& totals);
double TotalOutputTokens(const RunTotals& totals);
double TotalReasoningTokens(const RunTotals& totals);
double TotalErrorIsl(const RunTotals& totals);
double TotalUsagePrompt(const RunTotals& totals);
double TotalUsageCompletion(const RunTotals& totals);
double TotalUsageReasoning(const RunTotals& totals);
double TotalUsageCached(const RunTotals& totals);
double TotalUsageTotal(const RunTotals& totals);
double OverallCacheReadPercent(const RunTotals& totals);

}  // namespace drumfire::run_values
