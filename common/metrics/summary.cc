#include "common/metrics/summary.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/dialect/dialect.h"
#include "common/metrics/record_values.h"

namespace drumfire {
namespace {

// Chunks of one read have gaps of 0 in a row, so equal ones are added together.
void AddGaps(const v1::Record& record, Distribution* distribution) {
  const auto& gaps_ns = record.gaps_ns();
  for (auto first = gaps_ns.begin(); first != gaps_ns.end();) {
    const auto next =
        std::find_if(first, gaps_ns.end(), [&](uint64_t gap_ns) { return gap_ns != *first; });
    distribution->AddMany(static_cast<int64_t>(*first), next - first);
    first = next;
  }
}

}  // namespace

MetricContext MetricContextOf(const v1::Plan& plan) {
  MetricContext context;
  context.produces_tokens = DialectOf(plan.endpoint()).produces_tokens;
  context.streaming = context.produces_tokens && plan.endpoint().streaming();
  context.isl_from_usage = plan.records().use_server_token_count();
  context.goodput = CompileGoodput(plan.report().goodput());
  return context;
}

bool AppliesTo(const Metric& metric, const MetricContext& context) {
  switch (metric.applies) {
    case Applies::kAlways:
      return true;
    case Applies::kTokens:
      return context.produces_tokens;
    case Applies::kStreaming:
      return context.streaming;
    case Applies::kGoodput:
      return !context.goodput.empty();
  }
  return false;
}

MetricSummary::MetricSummary(const MetricContext& context)
    : isl_from_usage_(context.isl_from_usage), goodput_(context.goodput) {
  for (const Metric& metric : AllMetrics()) {
    if (!IsDistribution(metric) || !AppliesTo(metric, context)) continue;
    const size_t index = entries_.size();
    entries_.push_back({&metric, Distribution()});
    if (metric.kind == MetricKind::kRecordList) {
      of_lists_.push_back(index);
    } else if (metric.population == Population::kSent) {
      of_sent_.push_back(index);
    } else {
      (metric.population == Population::kFailed ? of_failed_ : of_completed_).push_back(index);
    }
  }
}

void MetricSummary::Add(const v1::Record& record) {
  const RecordView view(record, isl_from_usage_);
  switch (record.outcome()) {
    case v1::OUTCOME_COMPLETED:
      AddCompleted(view);
      break;
    case v1::OUTCOME_FAILED:
      ++totals_.failed;
      AddError(view);
      break;
    case v1::OUTCOME_CANCELLED:
      ++totals_.cancelled;
      AddError(view);
      break;
    default:
      ++totals_.dropped;
      return;
  }
  if (!view.sent) return;
  totals_.in_flight_ns += std::max<int64_t>(record.end_ns() - record.sent_ns(), 0);
  AddValues(of_sent_, view);
}

void MetricSummary::AddCompleted(const RecordView& view) {
  AddTotals(view);
  AddValues(of_completed_, view);
  for (const size_t index : of_lists_) AddGaps(view.record, &entries_[index].distribution);
}

void MetricSummary::AddError(const RecordView& view) {
  totals_.error_isl += view.isl;
  AddValues(of_failed_, view);
}

void MetricSummary::AddTotals(const RecordView& view) {
  const v1::Record& record = view.record;
  ++totals_.completed;
  totals_.isl += std::max<int64_t>(view.isl, 0);
  totals_.with_isl += view.isl >= 0 ? 1 : 0;
  totals_.first_sent_ns = std::min(totals_.first_sent_ns, record.sent_ns());
  totals_.last_content_ns = std::max(totals_.last_content_ns, view.last_content_ns);
  totals_.osl_mismatches += record_values::IsOslMismatch(view) ? 1 : 0;
  if (record.tokens_known()) {
    ++totals_.with_tokens;
    totals_.output_tokens += record.output_tokens();
    totals_.reasoning_tokens += record.reasoning_tokens();
    totals_.decoded_tokens += std::max<int64_t>(view.osl - 1, 0);
  }
  AddUsage(view);
  if (!goodput_.empty() && IsGood(view)) ++totals_.good;
}

void MetricSummary::AddUsage(const RecordView& view) {
  totals_.malformed_usage += view.record.usage_malformed() ? 1 : 0;
  if (!view.record.has_usage()) return;
  const v1::Usage& usage = view.record.usage();
  ++totals_.with_usage;
  totals_.usage_prompt.Add(usage.has_prompt_tokens(), usage.prompt_tokens());
  totals_.usage_completion.Add(usage.has_completion_tokens(), usage.completion_tokens());
  totals_.usage_reasoning.Add(usage.has_reasoning_tokens(), usage.reasoning_tokens());
  totals_.usage_cached.Add(usage.has_cached_prompt_tokens(), usage.cached_prompt_tokens());
  totals_.usage_total.Add(usage.has_total_tokens(), usage.total_tokens());
  totals_.usage_discrepancies += record_values::IsUsageDiscrepancy(view) ? 1 : 0;
}

void MetricSummary::AddValues(const std::vector<size_t>& indices, const RecordView& view) {
  for (const size_t index : indices) {
    Entry& entry = entries_[index];
    const double base = entry.metric->of_record(view);
    if (!std::isnan(base)) entry.distribution.Add(entry.metric->scale.ToInteger(base));
  }
}

void MetricSummary::Merge(const MetricSummary& other) {
  totals_.Merge(other.totals_);
  for (size_t i = 0; i < entries_.size(); ++i)
    entries_[i].distribution.Merge(other.entries_[i].distribution);
}

void MetricSummary::Clear() {
  totals_ = RunTotals();
  for (Entry& entry : entries_) entry.distribution.Clear();
}

void MetricSummary::Restore(const RunTotals& totals, std::vector<Distribution> distributions) {
  totals_ = totals;
  for (size_t i = 0; i < entries_.size(); ++i)
    entries_[i].distribution = std::move(distributions[i]);
}

const Distribution* MetricSummary::Find(absl::string_view tag) const {
  for (const Entry& entry : entries_) {
    if (entry.metric->tag == tag) return &entry.distribution;
  }
  return nullptr;
}

}  // namespace drumfire
