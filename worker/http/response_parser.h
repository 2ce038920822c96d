// Parses HTTP/1.x responses in place and incrementally, as reads deliver them. No I/O, no clock.
// Allocates only for a head that spans reads, and frees it again. One thread.
//
//   parser.Reset();
//   absl::string_view bytes = read;
//   while ((step = parser.Next(&bytes)) is kHead or kBody) ...
//
// Beyond the standard (RFC 9112) it accepts lines that end in LF alone, white space around chunk
// sizes, folded header lines, and HTTP/1.0 with chunks. It rejects two Content-Lengths, codings
// other than chunked, and heads over kMaxHeadBytes.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "worker/http/response_head.h"

namespace drumfire {

// Limit on all heads of a response (including interim ones) and its trailers together.
constexpr size_t kMaxHeadBytes = 256 << 10;
// Limit on a chunk's size line with its extensions, and on a trailer.
constexpr size_t kMaxChunkLineBytes = 16 << 10;

class ResponseParser {
 public:
  enum class Step {
    kNeedMore,  // all bytes are used up and the response is not complete
    kHead,      // the final head is complete: see head(). 1xx heads are skipped
    kBody,      // a part of the body: see body()
    kEnd,       // the response is complete; remaining bytes do not belong to it
    kError,     // see error(); the response yields nothing more
  };

  // Prepares for the next response on the same connection.
  void Reset();
  // Continues at the front of *bytes and removes the bytes it used.
  Step Next(absl::string_view* bytes);
  // The connection ended: kEnd if that completes the response (body until close), otherwise kError
  // with truncated().
  Step AtEof();

  const ResponseHead& head() const { return head_; }
  // Decoded body bytes, a part of the bytes last given to Next.
  absl::string_view body() const { return body_; }
  const std::string& error() const { return error_; }
  // Whether the error is a premature end rather than malformed bytes.
  bool truncated() const { return truncated_; }
  // No byte of the next head has arrived: the response's own, or the one after an interim head.
  bool awaits_head() const { return state_ == State::kHead && held_.empty(); }
  // A byte of a response (including interim ones) has arrived since Reset.
  bool started() const { return started_; }

 private:
  enum class State : uint8_t {
    kHead,
    kFixedBody,
    kUntilClose,
    kChunkLine,
    kChunkData,
    kChunkDataEnd,
    kTrailers,
    kDone,
    kFailed
  };

  Step NextHead(absl::string_view* bytes);
  bool TakeHead(absl::string_view* bytes, absl::string_view* text);
  void BeginBody();
  Step NextBody(absl::string_view* bytes);
  bool TakeWholeChunk(absl::string_view* bytes);
  Step TakeBody(uint64_t max_bytes, absl::string_view* bytes);
  Step NextLine(absl::string_view* bytes);
  bool TakeLine(absl::string_view* bytes, absl::string_view* line);
  // kNeedMore = continue with the next line.
  Step HandleLine(absl::string_view line);
  Step HandleChunkSize(absl::string_view line);
  Step Finish();
  Step Fail(absl::string_view message);

  State state_ = State::kHead;
  bool started_ = false;
  bool truncated_ = false;
  bool held_is_used_ = false;     // held_ has been given out as a line
  uint32_t head_bytes_ = 0;       // of heads and trailers so far
  uint64_t remaining_bytes_ = 0;  // of the fixed body or the chunk
  std::string held_;              // start of a head or line that is not complete yet
  absl::string_view body_;
  ResponseHead head_;
  std::string error_;
};

}  // namespace drumfire
