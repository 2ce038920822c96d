#include "common/files/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr size_t kReadBytes = 1 << 16;

// Up to its end, or one byte beyond the limit.
absl::Status ReadUpTo(int descriptor, size_t limit, std::string* bytes) {
  while (bytes->size() <= limit) {
    const size_t have = bytes->size();
    bytes->resize(have + std::min(kReadBytes, limit + 1 - have));
    const ssize_t got = read(descriptor, bytes->data() + have, bytes->size() - have);
    bytes->resize(have + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::NotFoundError(std::strerror(errno));
    if (got == 0) break;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_bytes) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return absl::NotFoundError(absl::StrCat(path, " (", std::strerror(errno), ")"));
  }
  std::string bytes;
  const absl::Status read_all = ReadUpTo(descriptor, max_bytes, &bytes);
  close(descriptor);
  if (!read_all.ok()) return absl::NotFoundError(absl::StrCat(path, " (", read_all.message(), ")"));
  if (bytes.size() > max_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(path, " of more than ", max_bytes, " bytes"));
  }
  return bytes;
}

}  // namespace drumfire
