// Parses HTTP/1.x requests incrementally. One parser per connection; one thread.
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

  // Consumes bytes from the front of `data`, at most up to the end of the request. Returns
  // kHeadDone once, between head and body, if the client waits for "100 Continue"; call again for
  // the rest. After kDone the request is in request(), until Reset(). Errors: InvalidArgument for
  // anything but HTTP/1.x, ResourceExhausted beyond the limits; the connection is then unusable.
  absl::StatusOr<Progress> Feed(absl::string_view* data);

  // Prepares for the connection's next request; frees the memory of a large body.
  void Reset();

  HttpRequest& request() { return request_; }
  // Whether nothing of a request has arrived yet.
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
  // Handles a line of the chunked framing; false while it is incomplete.
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
