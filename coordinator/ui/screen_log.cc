#include "coordinator/ui/screen_log.h"

#include <unistd.h>

#include <utility>

namespace drumfire {

ScreenLog::ScreenLog(ProgressLine* line)
    : line_(line), logged_to_stderr_(FLAGS_logtostderr), stderr_threshold_(FLAGS_stderrthreshold) {
  auto pipe = LinePipe::Create([line](absl::string_view text) { line->Print(text); });
  if (pipe.ok()) pipe_ = *std::move(pipe);
  // What does not go to standard error would go to files.
  for (int severity = 0; severity < google::NUM_SEVERITIES; ++severity) {
    google::SetLogDestination(severity, "");
  }
  google::AddLogSink(this);
  FLAGS_stderrthreshold = google::GLOG_FATAL;
  FLAGS_logtostderr = false;
}

ScreenLog::~ScreenLog() {
  FLAGS_logtostderr = logged_to_stderr_;
  FLAGS_stderrthreshold = stderr_threshold_;
  google::RemoveLogSink(this);
}

int ScreenLog::descriptor() const {
  return pipe_ != nullptr ? pipe_->write_descriptor() : STDERR_FILENO;
}

void ScreenLog::send(google::LogSeverity severity, const char* /*full_filename*/,
                     const char* base_filename, int line_number, const google::LogMessageTime& time,
                     const char* message, size_t message_bytes) {
  line_->Print(ToString(severity, base_filename, line_number, time, message, message_bytes));
}

}  // namespace drumfire
