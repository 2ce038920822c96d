// What the reader of a report can do about its target's manners, in words: a stream that never
// came, a field that the server refuses.
#pragma once

#include <string>
#include <vector>

#include "coordinator/results/error_summary.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// What the advice hangs on.
struct AnswerManners {
  uint64_t answers = 0;        // completed
  uint64_t unstreamed = 0;     // of these, with tokens but no moment at which one came
  uint64_t without_usage = 0;  // sent without stream_options, which the server refuses
  std::vector<ErrorKind> errors;
};

// One line each; empty = nothing to say.
std::vector<std::string> AdviceOf(const v1::Plan& plan, const AnswerManners& manners);

}  // namespace drumfire
