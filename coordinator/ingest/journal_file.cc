#include "coordinator/ingest/journal_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

class PosixJournalFile : public JournalFile {
 public:
  PosixJournalFile(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixJournalFile() override { close(descriptor_); }

  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    ssize_t written = 0;
    do {
      written = write(descriptor_, bytes.data(), bytes.size());
    } while (written < 0 && errno == EINTR);
    if (written < 0) return absl::ErrnoToStatus(errno, absl::StrCat("write to ", path_));
    if (written == 0) return absl::DataLossError(absl::StrCat("write to ", path_, " took nothing"));
    return static_cast<size_t>(written);
  }

  absl::Status Sync() override {
    if (fdatasync(descriptor_) == 0) return absl::OkStatus();
    return absl::ErrnoToStatus(errno, absl::StrCat("sync of ", path_));
  }

 private:
  const int descriptor_;
  const std::string path_;
};

// Makes a new name in the folder last.
absl::Status SyncFolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::string name = folder.empty() ? "." : folder.string();
  const int descriptor = open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("open of folder ", name));
  const int synced = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  // Some file systems cannot sync folders, and say so.
  if (synced == 0 || error == EINVAL) return absl::OkStatus();
  return absl::ErrnoToStatus(error, absl::StrCat("sync of folder ", name));
}

}  // namespace

absl::StatusOr<std::unique_ptr<JournalFile>> CreateJournalFile(const std::string& path) {
  constexpr int kReadableByAll = 0644;
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kReadableByAll);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("journal ", path));
  auto file = std::make_unique<PosixJournalFile>(descriptor, path);
  if (absl::Status synced = SyncFolderOf(path); !synced.ok()) {
    unlink(path.c_str());
    return synced;
  }
  return file;
}

}  // namespace drumfire
