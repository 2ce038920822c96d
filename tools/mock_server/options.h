// The options of drumfire-mock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "tools/mock_server/fault.h"
#include "tools/mock_server/persona.h"
#include "tools/mock_server/random_duration.h"

namespace drumfire::mock {

struct MockOptions {
  std::string host = "127.0.0.1";
  int port = 0;           // 0: any free one
  std::string port_file;  // empty: none
  std::string tls_cert;   // PEM files; both or neither
  std::string tls_key;

  Persona persona = Persona::kOpenAi;
  std::string model = "mock-model";
  bool only_this_model = false;  // refuse other models as unknown

  RandomDuration ttft = RandomDuration::Constant(50 * kNsPerMs);
  RandomDuration itl = RandomDuration::Constant(10 * kNsPerMs);
  int64_t osl = 16;  // if the request sets no limit
  int64_t reasoning_tokens = 0;
  int tokens_per_event = 1;
  int events_per_write = 1;
  double prefill_tokens_per_second = 0;  // 0: no time
  bool prefix_cache = false;             // report known prompt tokens in usage
  int concurrency = 0;                   // 0: no limit
  uint64_t seed = 1;

  FaultRates faults;
  std::optional<OddUsage> odd_usage;  // nothing: random
  int64_t comment_interval_ns = 0;    // 0: the persona's own
  bool refuse_stream_options = false;
  bool nagle = false;  // leave Nagle's algorithm on

  std::string truth_log;  // empty: none
  bool body_sha256 = false;
  bool spin = false;  // never sleep
};

// Reads the command line. If the program should exit, sets `*exit_code` (0 after --help, otherwise
// 2) and returns an error with the message to print.
absl::StatusOr<MockOptions> ParseMockOptions(int argc, const char* const* argv, int* exit_code);

}  // namespace drumfire::mock
