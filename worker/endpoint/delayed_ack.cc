#include "worker/endpoint/delayed_ack.h"

namespace drumfire {

void DelayedAckWatch::OnRead(int64_t stamp_ns, uint32_t chunks_before, uint32_t chunks_after) {
  const int64_t gap_ns = stamp_ns - last_ns_;
  last_ns_ = stamp_ns;
  if (part_ == Part::kNothing) {
    part_ = Part::kFirst;
  } else if (part_ == Part::kFirst && gap_ns > kOneArrivalNs) {
    waited_ns_ = gap_ns;
    const bool is_wait = gap_ns >= kShortestWaitNs && gap_ns <= kLongestWaitNs;
    part_ = is_wait ? Part::kBurst : Part::kRest;
  } else if (part_ == Part::kBurst && gap_ns > kOneArrivalNs) {
    part_ = Part::kRest;
  }
  const uint32_t chunks = chunks_after - chunks_before;
  if (part_ == Part::kBurst) burst_chunks_ += chunks;
  if (part_ == Part::kRest && chunks > 0) {
    rest_chunks_ += chunks;
    ++rest_reads_;
  }
}

int64_t DelayedAckWatch::WaitedNs() const {
  if (burst_chunks_ >= kLeastChunks) return IsBurst(kLeastRatio) ? waited_ns_ : 0;
  const bool is_delay = waited_ns_ >= kShortestWeakWaitNs && waited_ns_ <= kLongestWeakWaitNs;
  const bool is_weak_sign = burst_chunks_ == kWeakChunks && rest_reads_ > 0 && is_delay;
  return is_weak_sign && IsBurst(kLeastWeakRatio) ? waited_ns_ : 0;
}

}  // namespace drumfire
