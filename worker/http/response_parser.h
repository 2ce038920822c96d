// HTTP/1.x responses, parsed in place and bit by bit as reads bring them. No I/O, no clock;
// allocates only for a head that spans reads, and frees that. One thread.
//
//   parser.Reset();
//   absl::string_view bytes = read;
//   while ((step = parser.Next(&bytes)) is kHead or kBody) ...
//
// Servers differ; accepted on top of the standard (RFC 9112): lines that end in LF alone, white
// space round chunk sizes, folded header lines, HTTP/1.0 with chunks. Refused: two Content-Lengths,
// codings other than chunked, head over kMaxHeadBytes.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "worker/http/response_head.h"

namespace drumfire {

// All heads of a response (interim ones too) and its trailers may be so long together.
constexpr size_t kMaxHeadBytes = 256 << 10;
// One chunk's size line with its extensions, and one trailer.
constexpr size_t kMaxChunkLineBytes = 16 << 10;

class ResponseParser {
 public:
  enum class Step {
    kNeedMore,  // all bytes are used up and the response is not complete
    kHead,      // the final head is complete: see head(). 1xx heads are skipped
    kBody,      // a part of the body: see body()
    kEnd,       // the response is complete; bytes left over do not belong to it
    kError,     // see error(); nothing more comes from this response
  };

  // Forgets the last response; ready for the next one on the same connection.
  void Reset();
  // Goes on at the front of *bytes and takes off what it used.
  Step Next(absl::string_view* bytes);
  // The connection ended: kEnd when the response is complete by that (body until close), else
  // kError with truncated().
  Step AtEof();

  const ResponseHead& head() const { return head_; }
  // Decoded body bytes, a part of the bytes last given to Next.
  absl::string_view body() const { return body_; }
  const std::string& error() const { return error_; }
  // The error is an end too early rather than bytes that are wrong.
  bool truncated() const { return truncated_; }
  // No byte has come of the head that comes next: the response's own, or the one behind an interim
  // head.
  bool awaits_head() const { return state_ == State::kHead && held_.empty(); }
  // A byte of a response (interim ones count) has come since Reset.
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
  // kNeedMore = go on with the next line.
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
  std::string held_;              // start of a head or line whose end did not come with it
  absl::string_view body_;
  ResponseHead head_;
  std::string error_;
};

}  // namespace drumfire
