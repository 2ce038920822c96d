// A record with quantities shared by several metrics, computed once. Field names as in
// record.proto.
#pragma once

#include <cstdint>

#include "drumfire/v1/record.pb.h"

namespace drumfire {

struct RecordView {
  // isl_from_usage: prompts are counted by the server (--use-server-token-count).
  explicit RecordView(const v1::Record& the_record, bool isl_from_usage = false);

  const v1::Record& record;
  bool sent;
  // The request's end for the user: last text, or the end of a body without text. -1 = none.
  int64_t last_content_ns;
  // From the actual send; -1 = none.
  int64_t request_latency_ns;
  int64_t ttft_ns;
  // Tokens of the prompt; -1 = unknown. Always our own count for failed requests.
  int64_t isl;
  bool isl_is_own;
  // Output and reasoning tokens; -1 = unknown.
  int64_t osl;
};

}  // namespace drumfire
