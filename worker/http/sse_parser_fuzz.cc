// Any bytes: the parser never crashes, and gives the same events however they are cut in two.
// First byte of the input: where the cut is.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "worker/http/sse_parser.h"

namespace drumfire {
namespace {

using Step = SseParser::Step;

void Note(const SseParser& parser, std::string* out) {
  out->append(parser.event_name().data(), parser.event_name().size());
  out->append("|");
  out->append(parser.data().data(), parser.data().size());
  out->append("\n");
}

void Feed(SseParser* parser, absl::string_view bytes, std::string* out) {
  for (Step step = parser->Next(&bytes); step != Step::kNeedMore; step = parser->Next(&bytes)) {
    if (step == Step::kEvent) Note(*parser, out);
  }
}

std::string Parse(absl::string_view first, absl::string_view second) {
  SseParser parser;
  std::string out;
  Feed(&parser, std::string(first), &out);
  Feed(&parser, std::string(second), &out);
  if (parser.AtEnd() == Step::kEvent) Note(parser, &out);
  return out;
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
