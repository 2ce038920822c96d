// The cheapest client that still does the job: one thread, bare epoll, kernel receive stamps, one
// send a request. What it costs is the floor that Drumfire's engine is compared with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/bench/response_scanner.h"

namespace drumfire::bench {

struct FloorOptions {
  int port = 0;  // of 127.0.0.1
  int connections = 1;
  int64_t requests = 1;
  int64_t prompt_words = 32;
  int64_t output_tokens = 16;
  bool stream = false;
  bool keep_records = false;  // of chunk stamps; costs memory and a search per chunk
};

// One request, when records are kept. CLOCK_REALTIME.
struct FloorRecord {
  std::string request_id;
  int64_t start_ns = 0;                 // just before the send call
  std::vector<int64_t> text_stamps_ns;  // the kernel's, one for each event with text
};

struct FloorResult {
  int64_t requests = 0;
  int64_t chunks = 0;
  int64_t reads = 0;
  double cpu_us = 0;  // user and system, of the load alone (connects excluded)
  double wall_s = 0;
  int64_t open_rss_kb =
      0;  // resident memory with all connections busy, less that before they were made
  std::vector<FloorRecord> records;
};

// Runs the closed loop to its end. Errors: a connection that fails, an answer that is not 200.
absl::StatusOr<FloorResult> RunFloor(const FloorOptions& options);

}  // namespace drumfire::bench
