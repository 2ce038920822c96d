// Logs what the server did and when, one JSON line per request, for comparison with a client's
// measurements.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire::mock {

// All *_ns except wall-clock ones are CLOCK_MONOTONIC of this host; 0 = did not happen.
struct TruthRecord {
  std::string request_id;  // X-Request-ID
  std::string client;      // the address it came from
  std::string path;
  int64_t arrival_ns = 0;  // the kernel had the request's first bytes (with TLS: they were read)
  int64_t arrival_wall_ns = 0;  // CLOCK_REALTIME, the same moment
  int64_t begin_ns = 0;         // left the queue
  int64_t body_bytes = 0;
  std::string body_sha256;    // hex, or empty
  int status = 0;             // 0: no head was sent
  int64_t first_send_ns = 0;  // before the first send call of all
  std::vector<int64_t>
      send_ns;         // before the send call, for each event with text; one for a whole answer
  int64_t end_ns = 0;  // after the last send call, or when the client had gone
  int64_t tokens = 0;  // completion tokens sent
  absl::string_view persona;
  absl::string_view fault;     // "none" or the injected fault
  bool client_closed = false;  // the client went before the answer was out
};

std::string TruthLine(const TruthRecord& record);

// Appends to a file, buffered. One thread.
class TruthLog {
 public:
  // Replaces the file. Error if it cannot be written.
  static absl::StatusOr<std::unique_ptr<TruthLog>> Open(const std::string& path);
  ~TruthLog();
  TruthLog(const TruthLog&) = delete;
  TruthLog& operator=(const TruthLog&) = delete;

  void Write(const TruthRecord& record);
  // The first error of any write so far.
  absl::Status Flush();

 private:
  explicit TruthLog(int fd) : fd_(fd) {}

  int fd_;
  std::string buffer_;
  absl::Status status_;
};

}  // namespace drumfire::mock
