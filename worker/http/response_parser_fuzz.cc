// Any bytes: the parser never crashes, and gives the same body and end however they are cut in two.
// First byte of the input: where the cut is.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "worker/http/response_parser.h"

namespace drumfire {
namespace {

using Step = ResponseParser::Step;

// False when the response is over.
bool Feed(ResponseParser* parser, absl::string_view bytes, std::string* body, Step* end) {
  while ((*end = parser->Next(&bytes)) == Step::kHead || *end == Step::kBody) {
    const absl::string_view part = parser->body();
    body->append(part.data(), part.size());
  }
  return *end == Step::kNeedMore;
}

std::string Parse(absl::string_view first, absl::string_view second) {
  ResponseParser parser;
  std::string body;
  Step end;
  if (Feed(&parser, std::string(first), &body, &end) &&
      Feed(&parser, std::string(second), &body, &end)) {
    end = parser.AtEof();
  }
  return body + (end == Step::kEnd ? "|end" : "|error");
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const size_t cut = data[0] * bytes.size() / 256;
  if (drumfire::Parse(bytes, "") != drumfire::Parse(bytes.substr(0, cut), bytes.substr(cut)))
    std::abort();
  return 0;
}
