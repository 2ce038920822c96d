#include "worker/session/session_loop.h"

#include <algorithm>
#include <utility>

namespace drumfire {

void SessionLoop::OnStreamClosed() {
  stream_is_closed_ = true;
  session_.OnStreamClosed();
}

// It may say whatever it likes meanwhile: a coordinator that does not read has lost its worker.
void SessionLoop::WatchOutbox(int64_t now_ns) {
  const OutboxState outbox = end_->outbox();
  const bool takes = outbox.waiting == 0 || outbox.written != written_;
  if (takes || taken_ns_ < 0) taken_ns_ = now_ns;
  written_ = outbox.written;
  session_.OnUntakenFor(now_ns - taken_ns_);
}

int64_t SessionLoop::Step(int64_t now_ns) {
  if (stream_is_closed_) return kNever;
  WatchOutbox(now_ns);
  const int64_t session_ns = session_.OnTick(now_ns);
  const int64_t host_ns = host_->OnTick(now_ns);
  if (session_.closed() && !std::exchange(is_finished_, true)) end_->Finish();
  return std::min(session_ns, host_ns);
}

}  // namespace drumfire
