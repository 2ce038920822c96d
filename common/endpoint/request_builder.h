// What a plan's requests look like on the wire: JSON body and HTTP/1.1 head. Workers send them; the
// coordinator uses the same bytes for --dry-run, inputs.json and probes. Which API is spoken is the
// business of common/dialect.
//
//   auto builder = RequestBuilder::Create(plan, secrets, dataset);
//   std::string body, head;
//   (*builder)->AppendBody({.entry = 7}, /*model=*/0, &body);
//   (*builder)->AppendHead(/*url=*/0, request_id, correlation_id, body.size(), &head);
//   (*builder)->AppendBody({.entry = 7, .turn = 1, .replies = {"the answer to turn 0"}}, 0, &next);
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/dataset/dataset.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// One request of a conversation. Nothing is owned.
struct TurnRef {
  uint64_t entry = 0;  // data set id of the conversation
  uint32_t turn = 0;
  absl::Span<const std::string> replies = {};  // to the turns before, UTF-8, not escaped
};

class RequestBuilder {
 public:
  // Checks urls, headers and extra inputs once. plan and dataset are not owned and must outlive the
  // builder. secrets go into heads only, never into anything written down.
  static absl::StatusOr<std::unique_ptr<RequestBuilder>> Create(const v1::Plan& plan,
                                                                const v1::RequestSecrets& secrets,
                                                                const Dataset* dataset);
  virtual ~RequestBuilder() = default;

  // Appends the body of a turn for plan model `model`. A pure function of its arguments and the
  // plan. Any thread.
  virtual void AppendBody(const TurnRef& turn, uint32_t model, std::string* out) const = 0;
  // Appends the head of a POST to plan url `url`, with Content-Length and the empty line. Any
  // thread.
  virtual void AppendHead(uint32_t url, absl::string_view request_id,
                          absl::string_view correlation_id, size_t body_bytes,
                          std::string* out) const = 0;
  // The full URL requests to plan url `url` go to, without secrets: for messages and --dry-run.
  virtual const std::string& FullUrl(uint32_t url) const = 0;
};

// X-Request-ID of a request and X-Correlation-ID of its session: UUID texts (36 bytes, version 4
// form) that follow from the run's id (16 bytes), so that records need not carry them. Different
// runs have different ids.
std::string RequestId(absl::string_view run_id, uint32_t phase, uint64_t session, uint32_t turn);
std::string CorrelationId(absl::string_view run_id, uint32_t phase, uint64_t session);

// The same for many requests of one phase: what they share is computed once.
class PhaseRequestIds {
 public:
  PhaseRequestIds(absl::string_view run_id, uint32_t phase);
  std::string RequestId(uint64_t session, uint32_t turn) const;
  std::string CorrelationId(uint64_t session) const;

 private:
  uint64_t request_key_;
  uint64_t correlation_key_;
};

}  // namespace drumfire
