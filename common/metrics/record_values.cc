#include "common/metrics/record_values.h"

#include <algorithm>
#include <cmath>

#include "common/clock/clock.h"
#include "common/metrics/metric.h"

namespace drumfire::record_values {
namespace {

constexpr double kOslMismatchShare = 0.05;  // AIPERF_METRICS_OSL_MISMATCH_PCT_THRESHOLD
constexpr double kOslMismatchTokens = 50;   // AIPERF_METRICS_OSL_MISMATCH_MAX_TOKEN_THRESHOLD
constexpr double kUsageDifferencePercent = 10;

double OrNone(int64_t value) { return value < 0 ? kNoValue : static_cast<double>(value); }

// to - from; none unless both happened.
double Between(int64_t from_ns, int64_t to_ns) {
  return from_ns < 0 || to_ns < 0 ? kNoValue : static_cast<double>(to_ns - from_ns);
}

double PerSecond(double amount, double ns) {
  return ns > 0 ? amount * kNsPerSecond / ns : kNoValue;
}

double IfSent(bool is_sent, uint32_t tokens) { return is_sent ? tokens : kNoValue; }

// |server - own| in percent of our own count. None if our own count came from the server.
double UsageDifference(const RecordView& view, double server_tokens, int64_t own_tokens) {
  if (view.record.tokens_from_usage() || own_tokens <= 0) return kNoValue;
  const auto own = static_cast<double>(own_tokens);
  return 100 * std::abs(server_tokens - own) / own;
}

}  // namespace

double RequestLatency(const RecordView& view) { return OrNone(view.request_latency_ns); }

double TimeToFirstToken(const RecordView& view) { return OrNone(view.ttft_ns); }

double TimeToSecondToken(const RecordView& view) {
  return view.record.gaps_ns().empty() ? kNoValue : static_cast<double>(view.record.gaps_ns(0));
}

double TimeToFirstOutputToken(const RecordView& view) {
  return Between(view.record.sent_ns(), view.record.first_output_token_ns());
}

double DecodeDuration(const RecordView& view) {
  return view.ttft_ns < 0 ? kNoValue : Between(view.ttft_ns, view.request_latency_ns);
}

double InterTokenLatency(const RecordView& view) {
  if (view.osl < 2) return kNoValue;
  return DecodeDuration(view) / static_cast<double>(view.osl - 1);
}

double OutputTokenThroughputPerUser(const RecordView& view) {
  return PerSecond(1, InterTokenLatency(view));
}

double E2eOutputTokenThroughput(const RecordView& view) {
  return PerSecond(OutputSequenceLength(view), RequestLatency(view));
}

double PrefillThroughputPerUser(const RecordView& view) {
  return PerSecond(InputSequenceLength(view), TimeToFirstToken(view));
}

double InputSequenceLength(const RecordView& view) { return OrNone(view.isl); }

double OutputTokenCount(const RecordView& view) {
  return view.record.tokens_known() ? view.record.output_tokens() : kNoValue;
}

double ReasoningTokenCount(const RecordView& view) {
  return view.record.tokens_known() ? view.record.reasoning_tokens() : kNoValue;
}

double OutputSequenceLength(const RecordView& view) { return OrNone(view.osl); }

double OslMismatchPercent(const RecordView& view) {
  const double asked = view.record.requested_osl();
  if (asked == 0 || view.osl < 0) return kNoValue;
  return 100 * (static_cast<double>(view.osl) - asked) / asked;
}

double UsagePromptTokens(const RecordView& view) {
  const v1::Usage& usage = view.record.usage();
  return IfSent(usage.has_prompt_tokens(), usage.prompt_tokens());
}

double UsageCompletionTokens(const RecordView& view) {
  const v1::Usage& usage = view.record.usage();
  return IfSent(usage.has_completion_tokens(), usage.completion_tokens());
}

double UsageReasoningTokens(const RecordView& view) {
  const v1::Usage& usage = view.record.usage();
  return IfSent(usage.has_reasoning_tokens(), usage.reasoning_tokens());
}

double UsageCachedTokens(const RecordView& view) {
  const v1::Usage& usage = view.record.usage();
  return IfSent(usage.has_cached_prompt_tokens(), usage.cached_prompt_tokens());
}

double UsageTotalTokens(const RecordView& view) {
  const v1::Usage& usage = view.record.usage();
  return IfSent(usage.has_total_tokens(), usage.total_tokens());
}

double UsagePromptDifference(const RecordView& view) {
  return UsageDifference(view, UsagePromptTokens(view), view.isl_is_own ? view.isl : -1);
}

double UsageCompletionDifference(const RecordView& view) {
  return UsageDifference(view, UsageCompletionTokens(view), view.osl);
}

double CreditToStart(const RecordView& view) {
  return Between(view.record.ready_ns(), view.record.sent_ns());
}

double EffectiveLatency(const RecordView& view) {
  return Between(view.record.ready_ns(), view.record.end_ns());
}

double HttpSending(const RecordView& view) {
  return Between(view.record.sent_ns(), view.record.sent_end_ns());
}

// A server may answer before it has the whole request, and the call that sends the last byte may
// return after the response has arrived; nothing waited then.
double HttpWaiting(const RecordView& view) {
  const double waited_ns = Between(view.record.sent_end_ns(), view.record.first_event_ns());
  return waited_ns < 0 ? 0 : waited_ns;
}

double HttpReceiving(const RecordView& view) {
  return Between(view.record.first_event_ns(), view.record.end_ns());
}

double HttpDuration(const RecordView& view) {
  return Between(view.record.sent_ns(), view.record.end_ns());
}

double HttpDnsLookup(const RecordView& view) { return static_cast<double>(view.record.dns_ns()); }

double HttpConnecting(const RecordView& view) {
  return static_cast<double>(view.record.connect_ns() + view.record.tls_ns());
}

double HttpConnectionOverhead(const RecordView& view) {
  return HttpDnsLookup(view) + HttpConnecting(view);
}

double HttpTotal(const RecordView& view) {
  return HttpConnectionOverhead(view) + HttpDuration(view);
}

double HttpConnectionReused(const RecordView& view) {
  return view.record.connection_reused() ? 1 : 0;
}

double HttpDataSent(const RecordView& view) {
  return static_cast<double>(view.record.bytes_sent());
}

double HttpDataReceived(const RecordView& view) {
  return static_cast<double>(view.record.bytes_received());
}

double ScheduleDelay(const RecordView& view) {
  return Between(view.record.intended_ns(), view.record.sent_ns());
}

double SlotWait(const RecordView& view) {
  return Between(view.record.intended_ns(), view.record.ready_ns());
}

double ConnectTime(const RecordView& view) {
  return view.record.connection_reused() ? kNoValue : HttpConnectionOverhead(view);
}

double RequestLatencyFromIntended(const RecordView& view) {
  return Between(view.record.intended_ns(), view.last_content_ns);
}

double TimeToFirstTokenFromIntended(const RecordView& view) {
  return Between(view.record.intended_ns(), view.record.first_token_ns());
}

double TimeToFirstOutputTokenFromIntended(const RecordView& view) {
  return Between(view.record.intended_ns(), view.record.first_output_token_ns());
}

bool IsOslMismatch(const RecordView& view) {
  const double asked = view.record.requested_osl();
  if (asked == 0 || view.osl < 0) return false;
  const double difference = std::abs(static_cast<double>(view.osl) - asked);
  return difference > std::min(kOslMismatchShare * asked, kOslMismatchTokens);
}

bool IsUsageDiscrepancy(const RecordView& view) {
  return UsagePromptDifference(view) > kUsageDifferencePercent ||
         UsageCompletionDifference(view) > kUsageDifferencePercent;
}

}  // namespace drumfire::record_values
