// What the reader of a report can do about its target's anomalies, in words: a stream that never
// came, a body that never ended, usage that is missing or no count.
#pragma once

#include <string>
#include <vector>

#include "common/metrics/run_totals.h"
#include "coordinator/results/error_summary.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// What the diagnosis hangs on.
struct ResponseAnomalies {
  RunTotals totals;
  uint64_t unstreamed = 0;       // answers with tokens but no moment at which one came
  uint64_t without_usage = 0;    // sent without stream_options, which the server refuses
  uint64_t left_open = 0;        // responses whose body did not end
  uint64_t no_output = 0;        // failed, since they had not a single token
  uint64_t streamed_tokens = 0;  // of answers that came in chunks
  uint64_t streamed_chunks = 0;
  std::vector<ErrorKind> errors;
};

// One line each; empty = nothing to say.
std::vector<std::string> Diagnose(const v1::Plan& plan, const ResponseAnomalies& anomalies);

}  // namespace drumfire
