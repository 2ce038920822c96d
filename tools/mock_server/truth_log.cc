#include "tools/mock_server/truth_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/mock_server/json_text.h"

namespace drumfire::mock {
namespace {

constexpr size_t kBufferBytes = 256 << 10;

absl::Status WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, "cannot write the truth log");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

std::string TruthLine(const TruthRecord& record) {
  return absl::StrCat(
      "{\"x_request_id\":", JsonQuoted(record.request_id),
      ",\"client\":", JsonQuoted(record.client), ",\"path\":", JsonQuoted(record.path),
      ",\"persona\":\"", record.persona, "\",\"fault\":\"", record.fault,
      "\",\"client_closed\":", record.client_closed ? "true" : "false",
      ",\"status\":", record.status, ",\"tokens\":", record.tokens,
      ",\"body_bytes\":", record.body_bytes, ",\"body_sha256\":\"", record.body_sha256,
      "\",\"arrival_wall_ns\":", record.arrival_wall_ns, ",\"arrival_ns\":", record.arrival_ns,
      ",\"begin_ns\":", record.begin_ns, ",\"first_send_ns\":", record.first_send_ns,
      ",\"end_ns\":", record.end_ns, ",\"send_ns\":[", absl::StrJoin(record.send_ns, ","), "]}\n");
}

absl::StatusOr<std::unique_ptr<TruthLog>> TruthLog::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  return std::unique_ptr<TruthLog>(new TruthLog(fd));
}

TruthLog::~TruthLog() {
  Flush().IgnoreError();
  close(fd_);
}

void TruthLog::Write(const TruthRecord& record) {
  buffer_ += TruthLine(record);
  if (buffer_.size() >= kBufferBytes) Flush().IgnoreError();
}

absl::Status TruthLog::Flush() {
  const absl::Status status = WriteAll(fd_, buffer_);
  buffer_.clear();
  status_.Update(status);
  return status_;
}

}  // namespace drumfire::mock
