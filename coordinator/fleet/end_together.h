// Ends many streams together: all get the same time to end by themselves, and the caller waits
// once.
#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace drumfire {

// streams: pointers; null ones are skipped. WaitForEnd(limit) returns once the stream has ended or
// limit has passed; Cancel() cancels it without waiting.
template <typename Streams>
void EndTogether(const Streams& streams, absl::Duration limit, const Clock& clock) {
  const int64_t deadline_ns = clock.MonotonicNs() + absl::ToInt64Nanoseconds(limit);
  for (const auto& stream : streams) {
    if (stream == nullptr) continue;
    const absl::Duration left = absl::Nanoseconds(deadline_ns - clock.MonotonicNs());
    stream->WaitForEnd(left > absl::ZeroDuration() ? left : absl::ZeroDuration());
  }
  for (const auto& stream : streams) {
    if (stream != nullptr) stream->Cancel();
  }
}

}  // namespace drumfire
