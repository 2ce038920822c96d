// Injected faults: drawn by rate, reproducible by seed.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "tools/mock_server/error_answer.h"
#include "tools/mock_server/usage.h"

namespace drumfire::mock {

enum class FaultKind {
  kNone,
  kError,        // an HTTP error instead of an answer
  kReset,        // the connection is reset before or during the answer
  kHang,         // no byte is ever sent
  kStall,        // a stream goes silent between tokens; a non-streamed answer is never sent
  kTruncate,     // the body is cut short and the connection closes
  kStreamError,  // an error event between tokens, then a proper end; a non-streamed answer is a
                 // plain 500
  kEmpty,        // a complete answer without any token
  kFinishError,  // all tokens, and "error" as the reason of the end
  kOpenBody,     // a stream whose body does not end after its last event
  kOddUsage,     // malformed usage
  kUnfinished,   // a stream that stops between tokens and ends its body as if it were complete
};

// Percentages of requests; at most 100 in total.
struct FaultRates {
  double error = 0;
  double reset = 0;
  double hang = 0;
  double stall = 0;
  double truncate = 0;
  double stream_error = 0;
  double empty = 0;
  double finish_error = 0;
  double open_body = 0;
  double odd_usage = 0;
  double unfinished = 0;

  double sum() const {
    return error + reset + hang + stall + truncate + stream_error + empty + finish_error +
           open_body + odd_usage + unfinished;
  }
};

struct RequestFault {
  FaultKind kind = FaultKind::kNone;
  ErrorCase error = ErrorCase::kInternal;  // of kError: 429, 500 or 503
  OddUsage odd_usage = OddUsage::kNull;    // of kOddUsage
  // Position of the fault in the answer, as a share in [0, 1).
  double position = 0;
};

// The fault of request `index` (0-based, in order of arrival).
RequestFault DrawFault(const FaultRates& rates, uint64_t seed, uint64_t index);

// Its name in the truth log: "none", "error", "reset", ...
absl::string_view FaultName(FaultKind kind);

}  // namespace drumfire::mock
