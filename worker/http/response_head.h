// What a client of an inference server needs from a response's head.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// How the end of the body is known.
enum class BodyFraming : uint8_t { kNone, kContentLength, kChunked, kUntilClose };

struct ResponseHead {
  int status = 0;
  int minor_version = 1;
  // The connection may carry another request after this response.
  bool keep_alive = true;
  BodyFraming framing = BodyFraming::kNone;
  uint64_t content_length = 0;   // under kContentLength
  std::string reason;            // may be empty
  std::string content_type;      // as sent, with parameters; empty = none
  std::string content_encoding;  // empty or "identity": the body is plain
};

}  // namespace drumfire
