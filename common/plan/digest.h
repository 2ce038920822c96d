// SHA-256 and its text form, for plan hashes and blob chunks.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

constexpr size_t kDigestBytes = 32;

// SHA-256 (FIPS 180-4), 32 raw bytes. Any thread.
std::string Sha256(absl::string_view bytes);
// Lower-case hex, two digits per byte.
std::string HexEncode(absl::string_view bytes);
// The bytes of hex text in either case. InvalidArgument quotes text that is not hex.
absl::StatusOr<std::string> HexDecode(absl::string_view hex);

}  // namespace drumfire
