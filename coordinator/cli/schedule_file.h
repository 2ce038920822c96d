// Writes the file of --schedule-out atomically.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/files/atomic_file.h"

namespace drumfire {

// One thread.
class ScheduleFile {
 public:
  // "-" is standard output; pipes and devices are written in place. InvalidArgument names a path
  // that cannot be written.
  static absl::StatusOr<std::unique_ptr<ScheduleFile>> Create(const std::string& path);
  // Removes an unfinished file.
  ~ScheduleFile();
  ScheduleFile(const ScheduleFile&) = delete;
  ScheduleFile& operator=(const ScheduleFile&) = delete;

  absl::Status Write(absl::string_view text);
  absl::Status Finish();

 private:
  ScheduleFile(std::string path, std::unique_ptr<AtomicFile> whole, FILE* stream)
      : path_(std::move(path)), whole_(std::move(whole)), stream_(stream) {}

  const std::string path_;
  // One of the two is null.
  const std::unique_ptr<AtomicFile> whole_;
  FILE* const stream_;
};

}  // namespace drumfire
