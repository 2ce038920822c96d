// Log lines beside a progress line that is redrawn: they go above it instead of through it.
#pragma once

#include <memory>

#include "coordinator/ui/line_pipe.h"
#include "coordinator/ui/progress_line.h"
#include "glog/logging.h"

namespace drumfire {

// While it lives, what LOG writes goes to the line's stream by ProgressLine::Print and no longer to
// standard error; only a FATAL goes there as well, since it ends the process. One at a time. Needed
// for ProgressStyle::kRedrawn only.
class ScreenLog : private google::LogSink {
 public:
  // line: not owned.
  explicit ScreenLog(ProgressLine* line);
  ~ScreenLog() override;
  ScreenLog(const ScreenLog&) = delete;
  ScreenLog& operator=(const ScreenLog&) = delete;

  // For the standard error of processes that are started: their lines go the same way. Owned.
  int descriptor() const;

 private:
  // Any thread.
  void send(google::LogSeverity severity, const char* full_filename, const char* base_filename,
            int line_number, const google::LogMessageTime& time, const char* message,
            size_t message_bytes) override;

  ProgressLine* const line_;
  const bool logged_to_stderr_;
  const int stderr_threshold_;
  std::unique_ptr<LinePipe> pipe_;  // null when there was no descriptor for it
};

}  // namespace drumfire
