// Fixed-width little-endian numbers in frames and file headers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace drumfire {

inline void StoreLittleEndian32(uint32_t value, char* out) {
  for (size_t i = 0; i < 4; ++i) out[i] = static_cast<char>(value >> (8 * i));
}

inline uint32_t LoadLittleEndian32(const char* in) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= uint32_t{static_cast<unsigned char>(in[i])} << (8 * i);
  return value;
}

}  // namespace drumfire
