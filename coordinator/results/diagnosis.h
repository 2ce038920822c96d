// Explains anomalies in a server's responses to the reader of a report, and how to avoid them: a
// missing stream, a body that never ended, missing or malformed usage.
#pragma once

#include <string>
#include <vector>

#include "common/metrics/run_totals.h"
#include "coordinator/results/error_summary.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// The inputs of a diagnosis. Counts are of requests unless stated otherwise.
struct ResponseAnomalies {
  RunTotals totals;
  uint64_t unstreamed = 0;       // responses with tokens but without a time for any of them
  uint64_t without_usage = 0;    // sent without stream_options, which the server refuses
  uint64_t left_open = 0;        // responses whose body did not end
  uint64_t unfinished = 0;       // failed because nothing announced their end
  uint64_t no_output = 0;        // failed because they had no token
  uint64_t streamed_tokens = 0;  // tokens of responses that came in chunks
  uint64_t streamed_chunks = 0;
  std::vector<ErrorKind> errors;
};

// One line per finding; empty = no anomalies.
std::vector<std::string> Diagnose(const v1::Plan& plan, const ResponseAnomalies& anomalies);

}  // namespace drumfire
