#include "worker/sink/token_counter.h"

#include <algorithm>

#include "common/dialect/dialect.h"
#include "common/json/json_unescape.h"

namespace drumfire {
namespace {

// A count of 0 beside a text means that the server counts none.
bool UsageCounts(const Exchange& exchange) {
  if (!exchange.has_usage || !exchange.usage.has_completion_tokens()) return false;
  return exchange.usage.completion_tokens() > 0 || !exchange.has_output;
}

// completion_tokens holds the reasoning tokens too.
void TakeUsage(const v1::Usage& usage, v1::Record* record) {
  const uint32_t reasoning = std::min(usage.reasoning_tokens(), usage.completion_tokens());
  record->set_reasoning_tokens(reasoning);
  record->set_output_tokens(usage.completion_tokens() - reasoning);
  record->set_tokens_from_usage(true);
  record->set_tokens_known(true);
}

}  // namespace

TokenCounter::TokenCounter(const v1::Plan& plan, const Tokenizer* tokenizer)
    : tokenizer_(tokenizer),
      usage_only_(plan.records().use_server_token_count() || tokenizer == nullptr),
      produces_tokens_(DialectOf(plan.endpoint()).produces_tokens) {}

bool TokenCounter::Count(const Exchange& exchange, bool is_behind, v1::Record* record) {
  if (!produces_tokens_ || exchange.outcome != v1::OUTCOME_COMPLETED) return false;
  const bool needs_usage = usage_only_ || exchange.text_cut;
  const bool takes_usage = needs_usage || is_behind;
  if (takes_usage && UsageCounts(exchange)) {
    TakeUsage(exchange.usage, record);
    return !needs_usage;
  }
  if (!needs_usage) CountText(exchange, record);
  return false;
}

void TokenCounter::CountText(const Exchange& exchange, v1::Record* record) {
  record->set_output_tokens(CountEscaped(exchange.escaped_text));
  record->set_reasoning_tokens(CountEscaped(exchange.escaped_reasoning));
  record->set_tokens_known(true);
}

uint32_t TokenCounter::CountEscaped(const std::string& escaped) {
  if (escaped.empty()) return 0;
  text_.clear();
  AppendUnescapedJson(escaped, &text_);
  return static_cast<uint32_t>(tokenizer_->Count(text_));
}

}  // namespace drumfire
