#include "worker/session/session_loop.h"

#include <algorithm>
#include <utility>

namespace drumfire {

void SessionLoop::OnStreamClosed() {
  stream_is_closed_ = true;
  session_.OnStreamClosed();
}

int64_t SessionLoop::Step(int64_t now_ns) {
  if (stream_is_closed_) return kNever;
  const int64_t session_ns = session_.OnTick(now_ns);
  const int64_t host_ns = host_->OnTick(now_ns);
  if (session_.closed() && !std::exchange(is_finished_, true)) end_->Finish();
  return std::min(session_ns, host_ns);
}

}  // namespace drumfire
