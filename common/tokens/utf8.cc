#include "common/tokens/utf8.h"

#include <simdjson.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace drumfire {

absl::string_view ToValidUtf8(absl::string_view text, std::string* storage) {
  if (simdjson::validate_utf8(text.data(), text.size())) return text;
  storage->clear();
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t next = 0; next < size;) {
    const int64_t begin = next;
    UChar32 character = 0;
    U8_NEXT(bytes, next, size, character);
    if (character < 0) {
      storage->append("\xEF\xBF\xBD");
    } else {
      storage->append(text.data() + begin, next - begin);
    }
  }
  return *storage;
}

}  // namespace drumfire
