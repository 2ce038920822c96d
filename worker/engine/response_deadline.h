// The timeouts of a request, and which of them comes next.
#pragma once

#include <cstdint>
#include <string>

#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

struct ResponseDeadline {
  int64_t ns = 0;                         // monotonic; kNever = none
  v1::ErrorClass error = v1::ERROR_NONE;  // what it means when it is over
  int64_t timeout_ns = 0;

  // "no response within 5 s".
  std::string Message() const;
};

// For a request that has been sent, the next to come of: whole request (from the send), and first
// byte (from the send) or, once the head is there, silence of the model (from its last sign of
// life; -1 = no head yet).
// ended_ns: when the response ended, -1 = not yet; from then on only the end of its body is waited
// for, whatever else comes.
ResponseDeadline NextResponseDeadline(const v1::Connections& options, int64_t sent_ns,
                                      int64_t last_life_ns, int64_t ended_ns);

}  // namespace drumfire
