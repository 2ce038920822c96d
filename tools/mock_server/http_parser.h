// Takes HTTP/1.x requests apart as their bytes come in. One connection each; one thread.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/mock_server/http_request.h"

namespace drumfire::mock {

class HttpParser {
 public:
  static constexpr size_t kMaxHeadBytes = 64 << 10;
  static constexpr size_t kMaxBodyBytes = 256 << 20;

  enum class Progress { kNeedMore, kHeadDone, kDone };

  // Takes bytes from the front of `data` (which shrinks) up to the end of the request at most.
  // kHeadDone comes once, between head and body, when the client waits for "100 Continue"; call
  // again for the rest. After kDone the request is in request(), until Reset(). Errors:
  // InvalidArgument for what is not HTTP/1.x, ResourceExhausted past the limits; the connection is
  // of no more use then.
  absl::StatusOr<Progress> Feed(absl::string_view* data);

  // Ready for the next request of the connection; gives the memory of a large body back.
  void Reset();

  HttpRequest& request() { return request_; }
  // Nothing of a request has come yet.
  bool idle() const { return state_ == State::kHead && head_.empty(); }

 private:
  enum class State {
    kHead,
    kContinue,
    kSizedBody,
    kChunkSize,
    kChunkData,
    kChunkEnd,
    kTrailers,
    kDone
  };

  absl::Status FeedHead(absl::string_view* data);
  absl::Status ParseHead();
  absl::Status ParseRequestLine(absl::string_view line);
  absl::Status ParseHeader(absl::string_view line);
  absl::Status ParseContentLength(absl::string_view value);
  absl::Status EnterBody();
  absl::Status FeedBody(absl::string_view* data);
  void TakeBodyBytes(absl::string_view* data, State then);
  // A line of the chunked framing; false while it is incomplete.
  absl::StatusOr<bool> TakeLine(absl::string_view* data);
  absl::Status FeedChunkSize(absl::string_view* data);
  absl::Status FeedChunkEnd(absl::string_view* data);
  absl::Status FeedTrailers(absl::string_view* data);

  State state_ = State::kHead;
  std::string head_;  // the head so far, later a line of the chunked framing
  size_t body_left_ = 0;
  bool chunked_ = false;
  HttpRequest request_;
};

}  // namespace drumfire::mock
