// For tests: a host name whose look-up hangs. Defines getaddrinfo for the whole test program, its
// libraries included, so exactly one file of a program includes this.
#pragma once

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>

#include "absl/strings/string_view.h"

namespace drumfire {

// While one lives, look-ups of kHost do not return. Its end lets them fail, and waits for them.
class HangingLookup {
 public:
  static constexpr char kHost[] = "hangs.invalid";

  HangingLookup() { Set(true); }
  ~HangingLookup() {
    Set(false);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [] { return waiting_ == 0; });
  }
  HangingLookup(const HangingLookup&) = delete;
  HangingLookup& operator=(const HangingLookup&) = delete;

  // Look-ups that hang now.
  static int waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }

  // As getaddrinfo below.
  static void Hang() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.wait(lock, [] { return !hangs_; });
    --waiting_;
    changed_.notify_all();
  }

 private:
  static void Set(bool hangs) {
    const std::lock_guard lock(mutex_);
    hangs_ = hangs;
    changed_.notify_all();
  }

  static inline std::mutex mutex_;
  static inline std::condition_variable changed_;
  static inline bool hangs_ = false;  // guarded by mutex_
  static inline int waiting_ = 0;     // guarded by mutex_
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
