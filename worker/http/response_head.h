// The parts of a response head that a client of an inference server needs, and how to read them
// from its text.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// How the end of the body is determined.
enum class BodyFraming : uint8_t { kNone, kContentLength, kChunked, kUntilClose };

struct ResponseHead {
  int status = 0;
  // The connection may carry another request after this response.
  bool keep_alive = true;
  BodyFraming framing = BodyFraming::kNone;
  uint64_t content_length = 0;   // under kContentLength
  std::string reason;            // may be empty
  std::string content_type;      // as sent, with parameters; empty = none
  std::string content_encoding;  // as sent; empty = the body is not encoded
  std::string location;          // target of a redirect (3xx); empty = none

  void Clear();
  // 1xx: another head follows (101 is an error, since no upgrade was requested).
  bool is_interim() const { return status >= 100 && status <= 199; }
};

// Reads status line and header lines (text: up to and without the empty line; line ends CRLF or
// LF). An error is one line that says what is wrong.
absl::Status ParseResponseHead(absl::string_view text, ResponseHead* head);

}  // namespace drumfire
