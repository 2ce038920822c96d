#include "coordinator/cli/schedule_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

absl::Status Failed(absl::string_view cause) {
  return UsageError("--schedule-out", absl::StrCat("cannot be written: ", cause));
}

absl::Status FailedStream(absl::string_view path) {
  return Failed(absl::StrCat(path, " (", std::strerror(errno), ")"));
}

// Anything but a plain file must not be replaced by one.
bool IsWrittenInPlace(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ScheduleFile>> ScheduleFile::Create(const std::string& path) {
  if (path == "-" || IsWrittenInPlace(path)) {
    FILE* stream = path == "-" ? stdout : std::fopen(path.c_str(), "wbe");
    if (stream == nullptr) return FailedStream(path);
    return std::unique_ptr<ScheduleFile>(new ScheduleFile(path, nullptr, stream));
  }
  absl::StatusOr<std::unique_ptr<AtomicFile>> whole = AtomicFile::Create(path);
  if (!whole.ok()) return Failed(whole.status().message());
  return std::unique_ptr<ScheduleFile>(new ScheduleFile(path, *std::move(whole), nullptr));
}

ScheduleFile::~ScheduleFile() {
  if (stream_ != nullptr && stream_ != stdout) std::fclose(stream_);
}

absl::Status ScheduleFile::Write(absl::string_view text) {
  if (whole_ != nullptr) {
    whole_->Write(text);
    return absl::OkStatus();
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), stream_) == text.size();
  return written ? absl::OkStatus() : FailedStream(path_);
}

absl::Status ScheduleFile::Finish() {
  if (whole_ == nullptr) return std::fflush(stream_) == 0 ? absl::OkStatus() : FailedStream(path_);
  const absl::Status status = whole_->Commit();
  return status.ok() ? status : Failed(status.message());
}

}  // namespace drumfire
