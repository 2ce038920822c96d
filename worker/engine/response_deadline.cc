#include "worker/engine/response_deadline.h"

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/plan/body_end.h"
#include "worker/engine/timer_heap.h"

namespace drumfire {
namespace {

ResponseDeadline After(int64_t start_ns, int64_t timeout_ns, v1::ErrorClass error) {
  ResponseDeadline deadline;
  deadline.ns = timeout_ns > 0 ? start_ns + timeout_ns : kNever;
  deadline.error = error;
  deadline.timeout_ns = timeout_ns;
  return deadline;
}

const char* WhatIsLate(v1::ErrorClass error) {
  switch (error) {
    case v1::ERROR_CONNECT_TIMEOUT:
      return "not connected";
    case v1::ERROR_FIRST_BYTE_TIMEOUT:
      return "no response";
    case v1::ERROR_TRUNCATED:
      return "body not ended";
    case v1::ERROR_REQUEST_TIMEOUT:
      return "response not complete";
    default:
      return "stream silent: nothing from the model";
  }
}

}  // namespace

std::string ResponseDeadline::Message() const {
  return absl::StrCat(WhatIsLate(error), " within ", static_cast<double>(timeout_ns) / kNsPerSecond,
                      " s");
}

ResponseDeadline NextResponseDeadline(const v1::Connections& options, int64_t sent_ns,
                                      int64_t last_life_ns, int64_t ended_ns) {
  if (ended_ns >= 0) return After(ended_ns, kBodyEndPatienceNs, v1::ERROR_TRUNCATED);
  const ResponseDeadline request =
      After(sent_ns, options.request_timeout_ns(), v1::ERROR_REQUEST_TIMEOUT);
  const ResponseDeadline silence =
      last_life_ns < 0
          ? After(sent_ns, options.first_byte_timeout_ns(), v1::ERROR_FIRST_BYTE_TIMEOUT)
          : After(last_life_ns, options.stall_timeout_ns(), v1::ERROR_STALLED);
  return request.ns <= silence.ns ? request : silence;
}

}  // namespace drumfire
