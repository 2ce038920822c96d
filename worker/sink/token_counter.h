// Output tokens of an answer: from our tokenizer over its text, or from the server's usage object.
// One thread.
#pragma once

#include <string>

#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class TokenCounter {
 public:
  // tokenizer (null = none) must outlive the counter.
  TokenCounter(const v1::Plan& plan, const Tokenizer* tokenizer);

  // Sets output_tokens, reasoning_tokens, tokens_from_usage and tokens_known. Usage is taken when
  // the plan says so, when there is no tokenizer, when the text was cut, and, where there is one,
  // when is_behind. Returns true in that last case: the tokenizer would have counted, had it kept
  // up. Only completed answers of endpoints that make tokens are counted.
  bool Count(const Exchange& exchange, bool is_behind, v1::Record* record);

 private:
  void CountText(const Exchange& exchange, v1::Record* record);
  uint32_t CountEscaped(const std::string& escaped);

  const Tokenizer* const tokenizer_;
  const bool usage_only_;
  const bool produces_tokens_;
  std::string text_;  // kept for its memory
};

}  // namespace drumfire
