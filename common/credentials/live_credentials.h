// Fleet credentials that a server uses and that can be replaced as it serves. Any thread.
#pragma once

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "common/credentials/fleet_credentials.h"
#include "common/sync/mutex.h"

namespace drumfire {

class LiveCredentials {
 public:
  explicit LiveCredentials(FleetCredentials first)
      : current_(std::make_shared<const FleetCredentials>(std::move(first))) {}

  std::shared_ptr<const FleetCredentials> Current() const {
    const MutexLock lock(&mutex_);
    return current_;
  }
  // For handshakes and calls from now on. next has TLS when the first ones had.
  void Replace(FleetCredentials next) {
    auto replacement = std::make_shared<const FleetCredentials>(std::move(next));
    const MutexLock lock(&mutex_);
    current_ = std::move(replacement);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const FleetCredentials> current_ ABSL_GUARDED_BY(mutex_);  // never null
};

}  // namespace drumfire
