// The per-request formulas of the metric table, base units (ns, tokens, bytes, percent, per
// second). kNoValue if the request has no such value. Formulas are AIPerf 0.13's, verified against
// its own records, except for those marked as Drumfire's own.
#pragma once

#include "common/metrics/record_view.h"

namespace drumfire::record_values {

double RequestLatency(const RecordView& view);
double TimeToFirstToken(const RecordView& view);
double TimeToSecondToken(const RecordView& view);
double TimeToFirstOutputToken(const RecordView& view);
double DecodeDuration(const RecordView& view);
double InterTokenLatency(const RecordView& view);
double OutputTokenThroughputPerUser(const RecordView& view);
double E2eOutputTokenThroughput(const RecordView& view);
double PrefillThroughputPerUser(const RecordView& view);

double InputSequenceLength(const RecordView& view);
double OutputTokenCount(const RecordView& view);
double ReasoningTokenCount(const RecordView& view);
double OutputSequenceLength(const RecordView& view);
double OslMismatchPercent(const RecordView& view);

double UsagePromptTokens(const RecordView& view);
double UsageCompletionTokens(const RecordView& view);
double UsageReasoningTokens(const RecordView& view);
double UsageCachedTokens(const RecordView& view);
double UsageTotalTokens(const RecordView& view);
double UsagePromptDifference(const RecordView& view);
double UsageCompletionDifference(const RecordView& view);

double CreditToStart(const RecordView& view);
double EffectiveLatency(const RecordView& view);

double HttpSending(const RecordView& view);
double HttpWaiting(const RecordView& view);
double HttpReceiving(const RecordView& view);
double HttpDuration(const RecordView& view);
double HttpDnsLookup(const RecordView& view);
double HttpConnecting(const RecordView& view);
double HttpConnectionOverhead(const RecordView& view);
double HttpTotal(const RecordView& view);
double HttpConnectionReused(const RecordView& view);
double HttpDataSent(const RecordView& view);
double HttpDataReceived(const RecordView& view);

// Drumfire's own.
double ScheduleDelay(const RecordView& view);
double SlotWait(const RecordView& view);
double ConnectTime(const RecordView& view);
double RequestLatencyFromIntended(const RecordView& view);
double TimeToFirstTokenFromIntended(const RecordView& view);
double TimeToFirstOutputTokenFromIntended(const RecordView& view);

// Output length differs from the requested one by more than min(5 %, 50 tokens).
bool IsOslMismatch(const RecordView& view);
// Server's and own token counts differ by more than 10 %.
bool IsUsageDiscrepancy(const RecordView& view);

}  // namespace drumfire::record_values
