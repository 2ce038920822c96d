#include "common/tokens/byte_alphabet.h"

#include <unicode/utf8.h>

#include <array>
#include <cstdint>

namespace drumfire {
namespace {

constexpr bool StandsForItself(int byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// Characters are below U+0144; -1 = represents no byte.
using ByteOfCharacter = std::array<int16_t, 0x144>;

constexpr ByteOfCharacter MakeByteOfCharacter() {
  ByteOfCharacter table{};
  for (auto& entry : table) entry = -1;
  size_t next = 0x100;
  for (int16_t byte = 0; byte < 256; ++byte) {
    table[StandsForItself(byte) ? static_cast<size_t>(byte) : next++] = byte;
  }
  return table;
}

constexpr ByteOfCharacter kByteOfCharacter = MakeByteOfCharacter();

}  // namespace

bool DecodeByteAlphabet(absl::string_view characters, std::string* bytes) {
  bytes->clear();
  const auto size = static_cast<int64_t>(characters.size());
  for (int64_t next = 0; next < size;) {
    UChar32 character = 0;
    U8_NEXT(characters.data(), next, size, character);
    if (character < 0 || character >= static_cast<UChar32>(kByteOfCharacter.size())) return false;
    const int16_t byte = kByteOfCharacter[character];
    if (byte < 0) return false;
    bytes->push_back(static_cast<char>(byte));
  }
  return true;
}

}  // namespace drumfire
