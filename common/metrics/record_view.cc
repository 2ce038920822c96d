#include "common/metrics/record_view.h"

namespace drumfire {
namespace {

int64_t LastContent(const v1::Record& record) {
  return record.last_token_ns() >= 0 ? record.last_token_ns() : record.end_ns();
}

// -1 unless both happened.
int64_t Since(int64_t from_ns, int64_t to_ns) {
  return from_ns < 0 || to_ns < 0 ? -1 : to_ns - from_ns;
}

int64_t PromptTokens(const v1::Record& record, bool is_own) {
  if (is_own) return record.isl();
  return record.usage().has_prompt_tokens() ? int64_t{record.usage().prompt_tokens()} : -1;
}

}  // namespace

RecordView::RecordView(const v1::Record& the_record, bool isl_from_usage)
    : record(the_record),
      sent(the_record.outcome() != v1::OUTCOME_DROPPED && the_record.sent_ns() >= 0),
      last_content_ns(LastContent(the_record)),
      request_latency_ns(Since(the_record.sent_ns(), last_content_ns)),
      ttft_ns(Since(the_record.sent_ns(), the_record.first_token_ns())),
      isl(-1),
      isl_is_own(!isl_from_usage || the_record.outcome() != v1::OUTCOME_COMPLETED),
      osl(the_record.tokens_known()
              ? static_cast<int64_t>(the_record.output_tokens()) + the_record.reasoning_tokens()
              : -1) {
  isl = PromptTokens(the_record, isl_is_own);
}

}  // namespace drumfire
