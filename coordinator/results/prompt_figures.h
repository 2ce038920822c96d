// How often prompts repeat in the measured phase by design, and how much of them the server
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
  // Over all sent requests, by our own count.
  double input_tokens() const { return input_tokens_; }
  double repeated_tokens() const { return repeated_tokens_; }
  // Over all requests whose usage reports the prompt length, by the server's count.
  double server_tokens() const { return server_tokens_; }
  // Of these, tokens beyond our own count: a chat template, or other text around every prompt.
  double added_tokens() const { return added_tokens_; }
  double cached_tokens() const { return cached_tokens_; }
  // Whether the server's count equals ours for every prompt: same tokenizer, and no text around the
  // prompt.
  bool counts_agree() const { return counts_agree_; }
  bool server_tells_cached() const { return server_tells_cached_; }

 private:
  void AddUsage(const v1::Record& record);

  const uint64_t entries_;  // 0 = entries never repeat
  uint64_t requests_ = 0;
  uint64_t repeats_ = 0;  // requests with an entry used before
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
  // Requests with a text of the input file that the warmup had already sent.
  uint64_t warmed_up = 0;
  // Of the input tokens, those shared as a prefix with an earlier request of the run: what an
  // unlimited prefix cache would answer.
  double repeated_token_share = 0;
  // Of the prompt tokens, as reported by the server; nothing if it does not report its cache.
  std::optional<double> cached_share;
  // The part of it not explained by repeats or by text around each prompt.
  double unplanned_cached_share = 0;
};

// warmup_requests: number sent before the measured phase.
PromptFigures MeasurePrompts(const v1::Plan& plan, const PromptTally& tally,
                             uint64_t warmup_requests);

}  // namespace drumfire
