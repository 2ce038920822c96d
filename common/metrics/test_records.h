// Records for tests: a streamed request with 5 content chunks, 10 ms apart, as a healthy server
// gives it.
#pragma once

#include <cstdint>

#include "drumfire/v1/record.pb.h"

namespace drumfire::test_records {

constexpr int64_t kMs = 1'000'000;

// Sent at sent_ms, intended 2 ms and ready 1 ms earlier; first text after 50 ms, last after 90 ms,
// end after 91 ms.
inline v1::Record Streamed(uint64_t k, int64_t sent_ms) {
  const int64_t sent_ns = sent_ms * kMs;
  v1::Record record;
  record.set_session(k);
  record.set_outcome(v1::OUTCOME_COMPLETED);
  record.set_http_status(200);
  record.set_intended_ns(sent_ns - 2 * kMs);
  record.set_ready_ns(sent_ns - 1 * kMs);
  record.set_sent_ns(sent_ns);
  record.set_sent_end_ns(sent_ns + 10'000);
  record.set_head_ns(sent_ns + 49 * kMs);
  record.set_first_event_ns(sent_ns + 49 * kMs);
  record.set_first_token_ns(sent_ns + 50 * kMs);
  record.set_first_output_token_ns(sent_ns + 50 * kMs);
  record.set_last_token_ns(sent_ns + 90 * kMs);
  record.set_end_ns(sent_ns + 91 * kMs);
  record.set_connection_reused(true);
  for (int i = 0; i < 4; ++i) record.add_gaps_ns(10 * kMs);
  record.set_content_chunks(5);
  record.set_reads(5);
  record.set_isl(100);
  record.set_requested_osl(5);
  record.set_output_tokens(5);
  record.set_tokens_known(true);
  record.set_bytes_sent(1024);
  record.set_bytes_received(2048);
  return record;
}

// Answered 20 ms after the send with an HTTP error.
inline v1::Record Failed(uint64_t k, int64_t sent_ms, uint32_t status, const char* reason,
                         const char* message) {
  v1::Record record = Streamed(k, sent_ms);
  record.set_outcome(v1::OUTCOME_FAILED);
  record.set_http_status(status);
  record.mutable_error()->set_kind(v1::ERROR_HTTP_STATUS);
  record.mutable_error()->set_reason(reason);
  record.mutable_error()->set_message(message);
  record.set_first_token_ns(-1);
  record.set_first_output_token_ns(-1);
  record.set_last_token_ns(-1);
  record.set_end_ns((sent_ms + 20) * kMs);
  record.clear_gaps_ns();
  record.clear_output_tokens();
  record.clear_content_chunks();
  record.set_tokens_known(false);
  return record;
}

}  // namespace drumfire::test_records
