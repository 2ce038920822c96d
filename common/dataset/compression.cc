#include "common/dataset/compression.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"

namespace drumfire {

absl::StatusOr<std::string> Gunzip(absl::string_view bytes, uint64_t max_bytes);
absl::StatusOr<std::string> Unzstd(absl::string_view bytes, uint64_t max_bytes);

namespace {

constexpr Compression kCompressions[] = {
    {"gzip", "\x1F\x8B", &Gunzip},
    {"zstd", "\x28\xB5\x2F\xFD", &Unzstd},
};

}  // namespace

const Compression* FindCompression(absl::string_view bytes) {
  const auto* found = absl::c_find_if(kCompressions, [bytes](const Compression& compression) {
    return absl::StartsWith(bytes, compression.magic);
  });
  return found == std::end(kCompressions) ? nullptr : found;
}

}  // namespace drumfire
