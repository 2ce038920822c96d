// For tests: a host name whose look-up hangs. Defines getaddrinfo for the whole test program, its
// libraries included, so exactly one file of a program includes this.
#pragma once

#include <dlfcn.h>
#include <netdb.h>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "common/sync/mutex.h"

namespace drumfire {

// While one lives, look-ups of kHost do not return. Its end lets them fail, and waits for them.
class HangingLookup {
 public:
  static constexpr char kHost[] = "hangs.invalid";

  HangingLookup() { Set(true); }
  ~HangingLookup() {
    Set(false);
    const MutexLock lock(&mutex_);
    while (waiting_ > 0) changed_.Wait(&mutex_);
  }
  HangingLookup(const HangingLookup&) = delete;
  HangingLookup& operator=(const HangingLookup&) = delete;

  // Look-ups that hang now.
  static int waiting() {
    const MutexLock lock(&mutex_);
    return waiting_;
  }

  // As getaddrinfo below.
  static void Hang() {
    const MutexLock lock(&mutex_);
    ++waiting_;
    while (hangs_) changed_.Wait(&mutex_);
    --waiting_;
    changed_.NotifyAll();
  }

 private:
  static void Set(bool hangs) {
    const MutexLock lock(&mutex_);
    hangs_ = hangs;
    changed_.NotifyAll();
  }

  static inline Mutex mutex_;
  static inline CondVar changed_;
  static inline bool hangs_ ABSL_GUARDED_BY(mutex_) = false;
  static inline int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace drumfire

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (host != nullptr && absl::string_view(host) == drumfire::HangingLookup::kHost) {
    drumfire::HangingLookup::Hang();
    return EAI_AGAIN;
  }
  static const auto system =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return system(host, service, hints, found);
}
