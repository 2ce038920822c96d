#include "worker/dispatch/open_ahead.h"

#include <algorithm>

namespace drumfire {

void OpenAhead::Look(const std::deque<std::unique_ptr<Exchange>>& ready, int64_t start_ns,
                     int64_t now_ns, uint32_t room) {
  last_ns_ = now_ns;
  std::fill(due_.begin(), due_.end(), 0);
  const int64_t until_ns = std::max(now_ns, start_ns) + kLookAheadNs - start_ns;
  for (const auto& exchange : ready) {
    if (room == 0 || exchange->intended_ns > until_ns) break;
    uint32_t& due = due_[exchange->url];
    if (due >= kMaxIdle) break;
    ++due;
    --room;
  }
  for (uint32_t url = 0; url < due_.size(); ++url) {
    if (due_[url] > 0) engine_->OpenAhead(url, due_[url]);
  }
}

}  // namespace drumfire
