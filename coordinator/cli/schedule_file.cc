#include "coordinator/cli/schedule_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

absl::Status Failed(absl::string_view path) {
  return absl::InvalidArgumentError(absl::StrCat("--schedule-out: found ", path, " (",
                                                 std::strerror(errno),
                                                 "), expected a file that can be written"));
}

// What is no plain file must not be replaced by one.
bool IsWrittenInPlace(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ScheduleFile>> ScheduleFile::Create(const std::string& path) {
  if (path == "-") return std::unique_ptr<ScheduleFile>(new ScheduleFile(path, "", stdout));
  const bool in_place = IsWrittenInPlace(path);
  std::string temporary_path = in_place ? "" : absl::StrCat(path, ".", getpid(), ".tmp");
  FILE* file = std::fopen(in_place ? path.c_str() : temporary_path.c_str(), "wbe");
  if (file == nullptr) return Failed(path);
  return std::unique_ptr<ScheduleFile>(new ScheduleFile(path, std::move(temporary_path), file));
}

ScheduleFile::~ScheduleFile() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  if (!temporary_path_.empty()) std::remove(temporary_path_.c_str());
}

absl::Status ScheduleFile::Write(absl::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), file_) == text.size() ? absl::OkStatus()
                                                                        : Failed(path_);
}

absl::Status ScheduleFile::Finish() {
  if (std::fflush(file_) != 0) return Failed(path_);
  if (temporary_path_.empty()) return absl::OkStatus();
  if (fsync(fileno(file_)) != 0) return Failed(path_);
  if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) return Failed(path_);
  std::fclose(file_);
  file_ = nullptr;
  return absl::OkStatus();
}

}  // namespace drumfire
