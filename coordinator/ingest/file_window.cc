#include "coordinator/ingest/file_window.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr size_t kReadBytes = 1 << 20;

}  // namespace

absl::StatusOr<FileWindow> FileWindow::Open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return absl::ErrnoToStatus(errno, path);
  return FileWindow(file, path);
}

absl::StatusOr<bool> FileWindow::ReadMore() {
  buffer_.erase(0, std::exchange(start_, 0));
  const size_t kept_bytes = buffer_.size();
  buffer_.resize(kept_bytes + kReadBytes);
  const size_t read_bytes = std::fread(buffer_.data() + kept_bytes, 1, kReadBytes, file_.get());
  buffer_.resize(kept_bytes + read_bytes);
  if (read_bytes == 0 && std::ferror(file_.get()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("read of ", path_));
  }
  return read_bytes > 0;
}

}  // namespace drumfire
