// The file of --schedule-out: complete under its name, or not there.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

class ScheduleFile {
 public:
  // "-" is standard output; pipes and devices are written in place. InvalidArgument names a path
  // that cannot be written.
  static absl::StatusOr<std::unique_ptr<ScheduleFile>> Create(const std::string& path);
  // Removes what was written when Finish was not reached.
  ~ScheduleFile();

  absl::Status Write(absl::string_view text);
  // Syncs and gives the file its name.
  absl::Status Finish();

 private:
  ScheduleFile(std::string path, std::string temporary_path, FILE* file)
      : path_(std::move(path)), temporary_path_(std::move(temporary_path)), file_(file) {}

  const std::string path_;
  const std::string temporary_path_;  // empty = written in place
  FILE* file_;                        // null once finished
};

}  // namespace drumfire
