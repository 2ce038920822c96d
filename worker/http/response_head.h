// What a client of an inference server needs from a response's head, and how it is read from the
// head's text.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// How the end of the body is known.
enum class BodyFraming : uint8_t { kNone, kContentLength, kChunked, kUntilClose };

struct ResponseHead {
  int status = 0;
  // The connection may carry another request after this response.
  bool keep_alive = true;
  BodyFraming framing = BodyFraming::kNone;
  uint64_t content_length = 0;   // under kContentLength
  std::string reason;            // may be empty
  std::string content_type;      // as sent, with parameters; empty = none
  std::string content_encoding;  // as sent; empty = the body is plain
  std::string location;          // where a redirect (3xx) points; empty = nowhere

  void Clear();
  // 1xx: another head follows (101 is refused: nobody asked for another protocol).
  bool is_interim() const { return status >= 100 && status <= 199; }
};

// Reads status line and header lines (text: up to and without the empty line; line ends CRLF or
// LF). The error is one line that says what is wrong.
absl::Status ParseResponseHead(absl::string_view text, ResponseHead* head);

}  // namespace drumfire
