#include "common/json/json_unescape.h"

#include <cstdint>

#include "absl/strings/ascii.h"

namespace drumfire {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
constexpr uint32_t kNoCodePoint = UINT32_MAX;

void Append(absl::string_view bytes, std::string* out) { out->append(bytes.data(), bytes.size()); }

void AppendUtf8(uint32_t code_point, std::string* out) {
  if (code_point < 0x80) {
    out->push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code_point >> 6));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else if (code_point < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code_point >> 12));
    out->push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | code_point >> 18));
    out->push_back(static_cast<char>(0x80 | (code_point >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  }
}

// The four hexadecimal digits behind "\u" at the front of text; kNoCodePoint when they are not
// there.
uint32_t UnicodeEscape(absl::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return kNoCodePoint;
  uint32_t value = 0;
  for (char c : text.substr(2, 4)) {
    if (!absl::ascii_isxdigit(c)) return kNoCodePoint;
    const char lower = absl::ascii_tolower(c);
    value = value * 16 + (lower <= '9' ? lower - '0' : lower - 'a' + 10);
  }
  return value;
}

bool IsHighSurrogate(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// "\uXXXX", with its second half when it has one. Returns the bytes used.
size_t AppendUnicodeEscape(absl::string_view text, std::string* out) {
  const uint32_t unit = UnicodeEscape(text);
  if (unit == kNoCodePoint) {
    Append(kReplacement, out);
    return 2;
  }
  const uint32_t next = IsHighSurrogate(unit) ? UnicodeEscape(text.substr(6)) : kNoCodePoint;
  if (next != kNoCodePoint && IsLowSurrogate(next)) {
    AppendUtf8(0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00), out);
    return 12;
  }
  if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
    Append(kReplacement, out);
  } else {
    AppendUtf8(unit, out);
  }
  return 6;
}

// The escape at the front of text. Returns the bytes used, at least 1.
size_t AppendUnescaped(absl::string_view text, std::string* out) {
  constexpr absl::string_view kNames = "\"\\/bfnrt";
  constexpr absl::string_view kValues = "\"\\/\b\f\n\r\t";
  if (text.size() >= 2 && text[1] == 'u') return AppendUnicodeEscape(text, out);
  const size_t index = text.size() < 2 ? absl::string_view::npos : kNames.find(text[1]);
  if (index == absl::string_view::npos) {
    Append(kReplacement, out);
    return 1;
  }
  out->push_back(kValues[index]);
  return 2;
}

// What may follow a lead byte (Unicode 15, table 3-7).
struct Utf8Sequence {
  size_t bytes = 1;
  uint8_t second_low = 0x80;
  uint8_t second_high = 0xBF;
};

Utf8Sequence SequenceOf(uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

// The character of several bytes at the front of text, or U+FFFD for as much of it as is there.
// Returns the bytes used.
size_t AppendMultibyte(absl::string_view text, std::string* out) {
  const Utf8Sequence sequence = SequenceOf(static_cast<uint8_t>(text[0]));
  size_t used = 1;
  for (; used < sequence.bytes && used < text.size(); ++used) {
    const uint8_t byte = static_cast<uint8_t>(text[used]);
    const uint8_t low = used == 1 ? sequence.second_low : 0x80;
    const uint8_t high = used == 1 ? sequence.second_high : 0xBF;
    if (byte < low || byte > high) break;
  }
  const bool is_whole = sequence.bytes > 1 && used == sequence.bytes;
  Append(is_whole ? text.substr(0, used) : kReplacement, out);
  return used;
}

size_t AppendCharacter(absl::string_view text, std::string* out) {
  if (static_cast<uint8_t>(text[0]) >= 0x80) return AppendMultibyte(text, out);
  out->push_back(text[0]);
  return 1;
}

size_t PlainPrefix(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && text[size] != '\\' && static_cast<uint8_t>(text[size]) < 0x80)
    ++size;
  return size;
}

}  // namespace

void AppendUnescapedJson(absl::string_view escaped, std::string* out) {
  while (!escaped.empty()) {
    const size_t plain = PlainPrefix(escaped);
    Append(escaped.substr(0, plain), out);
    escaped.remove_prefix(plain);
    if (escaped.empty()) return;
    const bool is_escape = escaped.front() == '\\';
    escaped.remove_prefix(is_escape ? AppendUnescaped(escaped, out)
                                    : AppendMultibyte(escaped, out));
  }
}

void AppendValidUtf8(absl::string_view text, size_t max_bytes, std::string* out) {
  std::string character;
  for (size_t room = max_bytes; !text.empty(); room -= character.size()) {
    character.clear();
    text.remove_prefix(AppendCharacter(text, &character));
    if (character.size() > room) return;
    out->append(character);
  }
}

}  // namespace drumfire
