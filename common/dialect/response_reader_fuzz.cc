// Any bytes as events, one a line: no crash, and an event read through a learnt shape gives what
// the JSON parser gives. First byte of the input: the dialect.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_split.h"
#include "common/dialect/dialect.h"
#include "common/dialect/response_reader.h"
#include "common/json/json_unescape.h"

namespace drumfire {
namespace {

struct Reading {
  EventContent content;
  std::string text, reasoning;
};

Reading Read(ResponseReader* reader, absl::string_view event, EventShape* shape) {
  Reading found;
  TextSink sink{&found.text, &found.reasoning, 1 << 20};
  reader->ReadEvent(event, shape, &sink, &found.content);
  return found;
}

bool Same(const Reading& a, const Reading& b) {
  if (a.content.kind != b.content.kind) return false;
  if (a.content.kind == EventContent::Kind::kMalformed) return true;
  return a.text == b.text && a.reasoning == b.reasoning &&
         a.content.has_text == b.content.has_text && a.content.has_answer == b.content.has_answer &&
         a.content.has_usage == b.content.has_usage;
}

void ReadAll(absl::string_view lines, v1::EndpointType type) {
  const std::unique_ptr<ResponseReader> reader = FindDialect(type)->make_reader();
  EventShape learnt;
  for (absl::string_view line : absl::StrSplit(lines, '\n')) {
    EventShape fresh;
    const Reading found = Read(reader.get(), line, &learnt);
    if (!Same(found, Read(reader.get(), line, &fresh))) std::abort();
    std::string unescaped;
    AppendUnescapedJson(found.text, &unescaped);
  }
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const auto type = drumfire::Dialects()[data[0] % drumfire::Dialects().size()]->type;
  drumfire::ReadAll(absl::string_view(reinterpret_cast<const char*>(data + 1), size - 1), type);
  return 0;
}
