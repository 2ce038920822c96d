// How often prompts repeat in the measured phase, by design, and how much of them the server
// answered from its prefix cache.
#pragma once

#include <cstdint>
#include <optional>

#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Sums over the records of the measured phase, in any order. One thread at a time.
class PromptTally {
 public:
  explicit PromptTally(const v1::Plan& plan);

  void Add(const v1::Record& record);

  uint64_t requests() const { return requests_; }
  uint64_t repeats() const { return repeats_; }
  // Of all that were sent, by our own count.
  double input_tokens() const { return input_tokens_; }
  double repeated_tokens() const { return repeated_tokens_; }
  // Of all whose usage says how long the prompt was, by the server's count.
  double server_tokens() const { return server_tokens_; }
  // Of these, beyond our own count: a chat template, or what else is put around every prompt.
  double added_tokens() const { return added_tokens_; }
  double cached_tokens() const { return cached_tokens_; }
  // The server's count of every prompt is ours: the same tokenizer, and nothing around the prompt.
  bool counts_agree() const { return counts_agree_; }
  bool server_tells_cached() const { return server_tells_cached_; }

 private:
  void AddUsage(const v1::Record& record);

  const uint64_t entries_;  // 0 = no request's entry repeats
  uint64_t requests_ = 0;
  uint64_t repeats_ = 0;  // entries that an earlier request had
  double input_tokens_ = 0;
  double repeated_tokens_ = 0;
  double server_tokens_ = 0;
  double added_tokens_ = 0;
  double cached_tokens_ = 0;
  bool counts_agree_ = true;
  bool server_tells_cached_ = false;
};

// Shares are 0..1.
struct PromptFigures {
  uint64_t requests = 0;  // sent
  uint64_t distinct = 0;  // prompts among them
  double repeated_share = 0;
  // Requests with a text of the input file that the warmup had sent before.
  uint64_t warmed_up = 0;
  // Of the input tokens, those that a request of the run had begun with before: what an endless
  // prefix cache would answer.
  double repeated_token_share = 0;
  // Of the prompt tokens, as the server says; nothing when it says nothing of its cache.
  std::optional<double> cached_share;
  // The part of it that neither repeats nor what is put around each prompt explain.
  double unplanned_cached_share = 0;
};

// warmup_requests: sent before the measured phase.
PromptFigures MeasurePrompts(const v1::Plan& plan, const PromptTally& tally,
                             uint64_t warmup_requests);

}  // namespace drumfire
