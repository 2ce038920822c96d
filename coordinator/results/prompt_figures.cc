#include "coordinator/results/prompt_figures.h"

#include <algorithm>

namespace drumfire {
namespace {

// Allowance for a chat template in each request if it cannot be separated from the prompt: the
// server counts with another tokenizer, or we use its count.
constexpr double kTemplateTokens = 64;

double CappedShare(double part, double whole) {
  return whole > 0 ? std::min(part / whole, 1.0) : 0;
}

uint64_t DistinctOf(const v1::Dataset& dataset, const PromptTally& tally) {
  const uint64_t entries = tally.requests() - tally.repeats();
  return dataset.distinct_rows() == 0 ? entries : std::min(entries, dataset.distinct_rows());
}

// A warmup takes the rows of a file from its end; those with texts cannot be made anew.
uint64_t WarmedUp(const v1::Dataset& dataset, const PromptTally& tally, uint64_t warmup_requests) {
  if (dataset.kind() != v1::DATASET_SINGLE_TURN) return 0;
  const uint64_t rows = dataset.entries();
  const uint64_t both =
      std::min(tally.requests() - tally.repeats(), rows) + std::min(warmup_requests, rows);
  return both > rows ? both - rows : 0;
}

double RepeatedTokenShare(const v1::Dataset& dataset, const PromptTally& tally) {
  const double first_time = tally.input_tokens() - tally.repeated_tokens();
  return CappedShare(tally.repeated_tokens() + dataset.shared_prefix_share() * first_time,
                     tally.input_tokens());
}

double UnplannedShare(const v1::Plan& plan, const PromptTally& tally,
                      const PromptFigures& figures) {
  const double known_share =
      std::min(figures.repeated_token_share + CappedShare(static_cast<double>(figures.warmed_up),
                                                          static_cast<double>(figures.requests)),
               1.0);
  double added = tally.added_tokens();
  if (plan.records().use_server_token_count() || !tally.counts_agree()) {
    added = std::max(added, kTemplateTokens * static_cast<double>(tally.requests()));
  }
  const double explained = added + known_share * std::max(tally.server_tokens() - added, 0.0);
  return CappedShare(std::max(tally.cached_tokens() - explained, 0.0), tally.server_tokens());
}

}  // namespace

PromptTally::PromptTally(const v1::Plan& plan) : entries_(plan.dataset().entries()) {}

// Later turns repeat what came before on purpose.
void PromptTally::Add(const v1::Record& record) {
  if (record.turn() > 0) return;
  if (record.outcome() == v1::OUTCOME_DROPPED || record.sent_ns() < 0) return;
  const bool is_repeat = entries_ > 0 && record.session() >= entries_;
  ++requests_;
  repeats_ += is_repeat ? 1 : 0;
  input_tokens_ += record.isl();
  repeated_tokens_ += is_repeat ? record.isl() : 0;
  if (record.usage().has_prompt_tokens()) AddUsage(record);
}

// Some servers name cached tokens only where there are any.
void PromptTally::AddUsage(const v1::Record& record) {
  const v1::Usage& usage = record.usage();
  const double prompt_tokens = usage.prompt_tokens();
  server_tokens_ += prompt_tokens;
  counts_agree_ &= usage.prompt_tokens() == record.isl();
  added_tokens_ += std::max(prompt_tokens - record.isl(), 0.0);
  cached_tokens_ += usage.cached_prompt_tokens();
  server_tells_cached_ |= usage.has_cached_prompt_tokens();
}

PromptFigures MeasurePrompts(const v1::Plan& plan, const PromptTally& tally,
                             uint64_t warmup_requests) {
  const v1::Dataset& dataset = plan.dataset();
  PromptFigures figures;
  figures.requests = tally.requests();
  figures.distinct = DistinctOf(dataset, tally);
  figures.repeated_share = CappedShare(static_cast<double>(figures.requests - figures.distinct),
                                       static_cast<double>(figures.requests));
  figures.warmed_up = WarmedUp(dataset, tally, warmup_requests);
  figures.repeated_token_share = RepeatedTokenShare(dataset, tally);
  if (!tally.server_tells_cached()) return figures;
  figures.cached_share = CappedShare(tally.cached_tokens(), tally.server_tokens());
  figures.unplanned_cached_share = UnplannedShare(plan, tally, figures);
  return figures;
}

}  // namespace drumfire
