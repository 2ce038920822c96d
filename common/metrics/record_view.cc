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

}  // namespace

RecordView::RecordView(const v1::Record& the_record)
    : record(the_record),
      sent(the_record.outcome() != v1::OUTCOME_DROPPED && the_record.sent_ns() >= 0),
      last_content_ns(LastContent(the_record)),
      request_latency_ns(Since(the_record.sent_ns(), last_content_ns)),
      ttft_ns(Since(the_record.sent_ns(), the_record.first_token_ns())),
      osl(the_record.tokens_known()
              ? static_cast<int64_t>(the_record.output_tokens()) + the_record.reasoning_tokens()
              : -1) {}

}  // namespace drumfire
