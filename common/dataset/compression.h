// How the bytes of an input file may be compressed. A new compression is one file (see gzip.cc) and
// one row, with its declaration, in compression.cc.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

struct Compression {
  absl::string_view name;
  absl::string_view magic;  // a file of this kind begins with it
  // All of the content, at most max_bytes. Errors read "found X, expected Y".
  absl::StatusOr<std::string> (*decompress)(absl::string_view bytes, uint64_t max_bytes);
};

// Told by the first bytes; nullptr = not compressed.
const Compression* FindCompression(absl::string_view bytes);

}  // namespace drumfire
