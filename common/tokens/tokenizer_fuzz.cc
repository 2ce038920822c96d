// Any bytes as a tokenizer file: a one-line error, or a tokenizer whose ids are all below its size
// and whose two ways to count agree.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "common/tokens/tokenizer.h"

namespace drumfire {
namespace {

// Words, digits, white space, a character of four bytes, and bytes that are no UTF-8.
constexpr absl::string_view kText =
    "The year 2024's caf\xC3\xA9,\r\n\t\xF0\x9F\x98\x80 <s> \xFF\xC3 ab";

void Encode(const Tokenizer& tokenizer) {
  std::vector<uint32_t> ids;
  tokenizer.Encode(kText, &ids);
  if (ids.size() != tokenizer.Count(kText)) std::abort();
  for (const uint32_t id : ids) {
    if (id >= tokenizer.vocabulary_size()) std::abort();
    tokenizer.Decode(id);
  }
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool is_json = absl::StartsWith(bytes, "{");
  const auto tokenizer =
      is_json ? drumfire::MakeHuggingFaceTokenizer(bytes) : drumfire::MakeTiktokenTokenizer(bytes);
  if (tokenizer.ok()) {
    drumfire::Encode(**tokenizer);
  } else if (tokenizer.status().message().empty()) {
    std::abort();
  }
  return 0;
}
