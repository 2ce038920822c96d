// Builds the answer to a valid request: the reply, and the facts that accounting needs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/mock_server/api_request.h"
#include "tools/mock_server/envelope.h"
#include "tools/mock_server/error_answer.h"
#include "tools/mock_server/options.h"
#include "tools/mock_server/reply.h"
#include "tools/mock_server/reply_head.h"
#include "tools/mock_server/usage.h"

namespace drumfire::mock {

struct Answer {
  std::unique_ptr<Reply> reply;
  int status = 200;
  bool keep_alive = true;  // the connection stays open afterwards
  FaultKind fault = FaultKind::kNone;
  bool needs_slot = false;  // counts against --concurrency
  bool generates = false;   // chat or completions: counted in the metrics
  bool finished_by_length = false;
  int64_t prompt_tokens = 0;
};

struct AnswerContext {
  bool keep_alive = true;
  bool http_1_0 = false;
  int64_t wall_ns = 0;  // CLOCK_REALTIME at arrival
  uint64_t index = 0;   // number of the API request, in order of arrival
  RequestFault fault;
};

// Stateless but for the options. One thread.
class AnswerMaker {
 public:
  // `options` must outlive it.
  explicit AnswerMaker(const MockOptions* options) : options_(*options) {}

  // A body sent at once. An empty content type omits the header.
  Answer Ready(int status, absl::string_view content_type, absl::string_view body,
               const AnswerContext& context) const;
  Answer Error(ErrorCase error, absl::string_view detail, const AnswerContext& context) const;
  // According to the request's kind and fault.
  Answer Api(const ApiRequest& request, const AnswerContext& context) const;

 private:
  Answer Embed(const ApiRequest& request, const AnswerContext& context) const;
  Answer GenerateWhole(const ApiRequest& request, const AnswerContext& context) const;
  Answer GenerateStream(const ApiRequest& request, const AnswerContext& context) const;
  // A non-streamed answer after `delay_ns`, or the fault's variant of it.
  Answer Whole(const AnswerContext& context, int64_t delay_ns, absl::string_view body,
               int64_t tokens) const;
  std::string WholeBytes(int status, absl::string_view content_type, absl::string_view body,
                         const AnswerContext& context) const;
  AnswerIdentity Identity(const ApiRequest& request, const AnswerContext& context) const;
  Usage UsageOf(const ApiRequest& request, const RequestFault& fault) const;
  int64_t FirstTokenNs(const ApiRequest& request, uint64_t index) const;
  int64_t OtherTokensNs(const Usage& usage, uint64_t index) const;

  const MockOptions& options_;
};

}  // namespace drumfire::mock
