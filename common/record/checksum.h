// CRC-32 as zlib computes it (ISO 3309, polynomial 0x04C11DB7): the checksum of frames and of the
// journal's header.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace drumfire {

uint32_t Crc32(absl::string_view bytes);

}  // namespace drumfire
