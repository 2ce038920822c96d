// Which requests go wrong, and how: drawn by rate, the same for the same seed.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "tools/mock_server/error_answer.h"
#include "tools/mock_server/usage.h"

namespace drumfire::mock {

enum class FaultKind {
  kNone,
  kError,        // an HTTP error instead of an answer
  kReset,        // the connection is reset, before or amid the answer
  kHang,         // no byte ever comes
  kStall,        // a stream goes silent amid the tokens; a whole answer never comes
  kTruncate,     // the body stops short and the connection closes
  kStreamError,  // an error event amid the tokens, then a proper end; a whole answer is a plain 500
  kEmpty,        // a whole answer without a token
  kFinishError,  // all tokens, and "error" as the reason of the end
  kOpenBody,     // a stream whose body does not end behind its last event
  kOddUsage,     // usage that is no count
};

// Percent of requests, each; together at most 100.
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

  double sum() const {
    return error + reset + hang + stall + truncate + stream_error + empty + finish_error +
           open_body + odd_usage;
  }
};

struct RequestFault {
  FaultKind kind = FaultKind::kNone;
  ErrorCase error = ErrorCase::kInternal;  // of kError: 429, 500 or 503
  OddUsage odd_usage = OddUsage::kNull;    // of kOddUsage
  // Where in the answer it strikes, as a share in [0, 1).
  double position = 0;
};

// The fate of request `index` (0-based, in order of arrival).
RequestFault DrawFault(const FaultRates& rates, uint64_t seed, uint64_t index);

// As the truth log calls it: "none", "error", "reset", ...
absl::string_view FaultName(FaultKind kind);

}  // namespace drumfire::mock
