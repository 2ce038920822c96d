#include "common/files/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

bool WriteAll(int descriptor, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::Status Failed(const std::string& path) {
  const std::string message = absl::StrCat(path, " (", std::strerror(errno), ")");
  return errno == EEXIST ? absl::AlreadyExistsError(message) : absl::InternalError(message);
}

}  // namespace

absl::Status WriteNewFile(const std::string& path, absl::string_view bytes, mode_t mode) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) return Failed(path);
  // fchmod: the mask of the user's shell is not asked.
  const bool whole =
      fchmod(descriptor, mode) == 0 && WriteAll(descriptor, bytes) && fsync(descriptor) == 0;
  absl::Status status = whole ? absl::OkStatus() : Failed(path);
  close(descriptor);
  if (!whole) unlink(path.c_str());
  return status;
}

absl::Status ReplaceFiles(absl::Span<const FileContent> files) {
  const auto temporary = [](const FileContent& file) {
    return absl::StrCat(file.path, ".tmp-", getpid());
  };
  absl::Status status;
  for (const FileContent& file : files) {
    status.Update(WriteNewFile(temporary(file), file.bytes, file.mode));
  }
  for (const FileContent& file : files) {
    const std::string written = temporary(file);
    if (status.ok() && rename(written.c_str(), file.path.c_str()) != 0) status = Failed(file.path);
    if (!status.ok()) unlink(written.c_str());
  }
  return status;
}

}  // namespace drumfire
