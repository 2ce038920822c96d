#include "coordinator/results/advice.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

bool RefusesStreamOptions(const ErrorKind& kind) {
  return kind.details.code >= 400 && absl::StrContains(kind.details.message, "stream_options");
}

}  // namespace

std::vector<std::string> AdviceOf(const v1::Plan& plan, const AnswerManners& manners) {
  std::vector<std::string> advice;
  const v1::Endpoint& endpoint = plan.endpoint();
  if (endpoint.streaming() && manners.unstreamed > 0) {
    advice.push_back(absl::StrCat(
        manners.unstreamed, " of ", manners.answers,
        " answers came whole although a stream was asked for: the times to the first token and "
        "between tokens are those of the others."));
  }
  if (manners.without_usage > 0) {
    advice.push_back(absl::StrCat(
        "The server refuses stream_options, by which usage is asked for: ", manners.without_usage,
        " requests were sent without it, the first of them a second time. --no-stream-usage leaves "
        "it out from the start."));
  }
  const bool asks_usage = endpoint.streaming() && !endpoint.omit_stream_usage();
  if (asks_usage &&
      std::any_of(manners.errors.begin(), manners.errors.end(), RefusesStreamOptions)) {
    advice.push_back(
        "The server refuses stream_options, by which usage is asked for: --no-stream-usage leaves "
        "it out.");
  }
  return advice;
}

}  // namespace drumfire
