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
  if (part_ == Part::kFirst) chunks_first_ = chunks_after;
  if (part_ == Part::kBurst) chunks_burst_ += chunks_after - chunks_before;
}

int64_t DelayedAckWatch::WaitedNs(uint32_t content_chunks, uint32_t unseen_gaps) const {
  if (chunks_burst_ < kLeastChunks) return 0;
  const uint32_t rest = content_chunks - chunks_first_ - chunks_burst_;
  const uint32_t unseen_first = chunks_first_ > 0 ? chunks_first_ - 1 : 0;
  const uint32_t unseen_known = unseen_first + chunks_burst_ - 1;
  const uint32_t unseen_rest = unseen_gaps > unseen_known ? unseen_gaps - unseen_known : 0;
  return 2 * unseen_rest <= rest ? waited_ns_ : 0;
}

}  // namespace drumfire
