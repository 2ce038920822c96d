// Maps an HTTP request to its answer: paths, methods, refusals, faults.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "simdjson.h"
#include "tools/mock_server/answer.h"
#include "tools/mock_server/http_request.h"
#include "tools/mock_server/options.h"
#include "tools/mock_server/prefix_cache.h"
#include "tools/mock_server/server_metrics.h"

namespace drumfire::mock {

// One thread.
class Api {
 public:
  // Both must outlive the Api.
  Api(const MockOptions* options, const ServerMetrics* metrics)
      : options_(*options), metrics_(*metrics), maker_(options) {}

  // `keep_alive`: whether the connection may stay open. `wall_ns`: CLOCK_REALTIME now.
  Answer Respond(const HttpRequest& request, bool keep_alive, int64_t wall_ns);
  // For bytes that are not a request; the connection then closes.
  Answer Refuse(const absl::Status& status, int64_t wall_ns) const;

 private:
  Answer RespondToGet(const HttpRequest& request, const AnswerContext& context) const;
  Answer RespondToPost(const HttpRequest& request, ApiKind kind, AnswerContext context);

  const MockOptions& options_;
  const ServerMetrics& metrics_;
  AnswerMaker maker_;
  simdjson::dom::parser parser_;
  uint64_t next_index_ = 0;
  PrefixCache prefix_cache_;
};

}  // namespace drumfire::mock
