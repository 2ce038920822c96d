// Big-endian numbers in byte strings, for the histogram's wire format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

template <typename Unsigned>
void AppendBigEndian(Unsigned value, std::string* out) {
  for (size_t i = sizeof(Unsigned); i-- > 0;) out->push_back(static_cast<char>(value >> (8 * i)));
}

// bytes.size() must be at least sizeof(Unsigned).
template <typename Unsigned>
Unsigned ReadBigEndian(absl::string_view bytes) {
  Unsigned value = 0;
  for (size_t i = 0; i < sizeof(Unsigned); ++i) {
    value = static_cast<Unsigned>((value << 8) | static_cast<uint8_t>(bytes[i]));
  }
  return value;
}

}  // namespace drumfire
