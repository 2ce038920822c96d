#include "common/files/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

// Whole blocks of any usual disk, and few writes for a large file.
constexpr size_t kBufferBytes = 1 << 20;
constexpr size_t kBlockBytes = 4096;

absl::Status FileError(const char* what, const std::string& path) {
  return absl::InternalError(absl::StrCat(path, ": cannot ", what, ": ", strerror(errno)));
}

}  // namespace

AtomicFile::AtomicFile(std::string path, std::string temporary, int descriptor)
    : path_(std::move(path)),
      temporary_(std::move(temporary)),
      descriptor_(descriptor),
      buffer_(static_cast<char*>(std::aligned_alloc(kBlockBytes, kBufferBytes))) {}

absl::StatusOr<std::unique_ptr<AtomicFile>> AtomicFile::Create(const std::string& path) {
  std::string temporary = absl::StrCat(path, ".tmp-", getpid());
  const int descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return FileError("create", path);
  return std::unique_ptr<AtomicFile>(new AtomicFile(path, std::move(temporary), descriptor));
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(temporary_.c_str());
}

void AtomicFile::Fail(const char* what) {
  if (status_.ok()) status_ = FileError(what, path_);
}

void AtomicFile::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t taken = std::min(bytes.size(), kBufferBytes - used_bytes_);
    std::memcpy(buffer_.get() + used_bytes_, bytes.data(), taken);
    used_bytes_ += taken;
    bytes.remove_prefix(taken);
    if (used_bytes_ < kBufferBytes) return;
    SetDirect(true);
    Flush();
  }
}

// A large file goes past the system's cache: the sync at its end waits for the disk anyway, and the
// copy costs more than all else. Whole buffers only; file systems that cannot do it say so.
void AtomicFile::SetDirect(bool direct) {
  if (direct == is_direct_ || !may_be_direct_) return;
  const int flags = fcntl(descriptor_, F_GETFL);
  if (fcntl(descriptor_, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0) {
    is_direct_ = direct;
  } else {
    may_be_direct_ = false;
  }
}

void AtomicFile::Flush() {
  size_t done = 0;
  while (status_.ok() && done < used_bytes_) {
    const ssize_t written = write(descriptor_, buffer_.get() + done, used_bytes_ - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EINVAL && is_direct_) {
      SetDirect(false);
      may_be_direct_ = false;
      continue;
    }
    if (written < 0) Fail("write");
    done += written > 0 ? static_cast<size_t>(written) : 0;
  }
  used_bytes_ = 0;
}

absl::Status AtomicFile::Commit() {
  SetDirect(false);
  Flush();
  if (status_.ok() && fsync(descriptor_) != 0) Fail("sync");
  if (!status_.ok()) return status_;
  close(std::exchange(descriptor_, -1));
  if (rename(temporary_.c_str(), path_.c_str()) != 0) {
    Fail("rename");
    unlink(temporary_.c_str());
    return status_;
  }
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  const int folder_descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (folder_descriptor >= 0) {
    fsync(folder_descriptor);
    close(folder_descriptor);
  }
  return absl::OkStatus();
}

absl::Status WriteFileAtomically(const std::string& path, absl::string_view bytes) {
  DRUMFIRE_ASSIGN_OR_RETURN(auto file, AtomicFile::Create(path));
  file->Write(bytes);
  return file->Commit();
}

}  // namespace drumfire
