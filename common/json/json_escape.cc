#include "common/json/json_escape.h"

#include <cstdint>
#include <cstring>

namespace drumfire {
namespace {

constexpr uint64_t kEveryByte = 0x0101010101010101;
constexpr uint64_t kEveryHighBit = 0x8080808080808080;

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// High bits of bytes that are zero (or lie above one that is): enough to know whether there is any.
uint64_t ZeroBytes(uint64_t word) { return (word - kEveryByte) & ~word & kEveryHighBit; }

bool AnyNeedsEscape(uint64_t word) {
  const uint64_t control = (word - kEveryByte * 0x20) & ~word & kEveryHighBit;
  return (control | ZeroBytes(word ^ kEveryByte * '"') | ZeroBytes(word ^ kEveryByte * '\\')) != 0;
}

// How many bytes at the front pass as they are.
size_t PlainBytes(absl::string_view text) {
  size_t size = 0;
  for (uint64_t word; text.size() - size >= sizeof(word); size += sizeof(word)) {
    std::memcpy(&word, text.data() + size, sizeof(word));
    if (AnyNeedsEscape(word)) break;
  }
  while (size < text.size() && !NeedsEscape(text[size])) ++size;
  return size;
}

void AppendEscape(char c, std::string* out) {
  constexpr absl::string_view kValues = "\"\\\b\f\n\r\t";
  constexpr absl::string_view kNames = "\"\\bfnrt";
  constexpr char kDigits[] = "0123456789abcdef";
  const size_t index = kValues.find(c);
  out->push_back('\\');
  if (index != absl::string_view::npos) {
    out->push_back(kNames[index]);
    return;
  }
  out->append("u00");
  out->push_back(kDigits[c >> 4 & 0xF]);
  out->push_back(kDigits[c & 0xF]);
}

}  // namespace

void AppendJsonEscaped(absl::string_view text, std::string* out) {
  while (!text.empty()) {
    const size_t plain = PlainBytes(text);
    out->append(text.data(), plain);
    if (plain == text.size()) return;
    AppendEscape(text[plain], out);
    text.remove_prefix(plain + 1);
  }
}

void AppendJsonString(absl::string_view text, std::string* out) {
  out->push_back('"');
  AppendJsonEscaped(text, out);
  out->push_back('"');
}

}  // namespace drumfire
