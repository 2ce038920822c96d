// The head of an HTTP response, in the persona's form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/mock_server/persona.h"

namespace drumfire::mock {

struct ReplyHead {
  int status = 200;
  absl::string_view content_type = {};
  // How the body ends: by this length, chunked, or with the connection.
  std::optional<size_t> content_length = std::nullopt;
  bool chunked = false;
  bool keep_alive = true;
  // The request was HTTP/1.0, so an answer that keeps the connection must say so.
  bool http_1_0 = false;
  int64_t wall_ns = 0;
};

// "OK" for 200 and so on; "Error" for an unknown status.
absl::string_view ReasonPhrase(int status);

void AppendReplyHead(Persona persona, const ReplyHead& head, std::string* out);

// A chunk of the chunked coding: AppendChunkStart, `size` bytes, kChunkEnd.
void AppendChunkStart(size_t size, std::string* out);
constexpr absl::string_view kChunkEnd = "\r\n";
constexpr absl::string_view kLastChunk = "0\r\n\r\n";

}  // namespace drumfire::mock
