// A timeout for calls that have none, such as getaddrinfo: the call runs on a separate thread,
// which is abandoned when the time is up and ends whenever the call does.
//
// Why a thread instead of getaddrinfo_a or c-ares: getaddrinfo_a cannot cancel a running look-up
// either, and c-ares knows DNS and /etc/hosts but not the host's name services (nsswitch.conf: a
// cluster's directory, mDNS), through which gRPC and ssh find the same workers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/sync/mutex.h"

namespace drumfire {

// Limit on running calls, including abandoned ones. Beyond it no call is started.
constexpr int kMostCallsUnderWay = 64;

// Runs the call on a separate thread. Returns false without running it if the limit is reached or
// no thread can be created. Any thread.
bool RunAside(std::function<void()> call);

// Returns the call's result, or nothing if patience ran out or RunAside refused. The call may
// outlive this function, so it must own everything it uses. Any thread.
template <typename Answer>
std::optional<Answer> AnswerWithin(absl::Duration patience, std::function<Answer()> call) {
  struct Shared {
    Mutex mutex;
    CondVar answered;
    std::optional<Answer> answer ABSL_GUARDED_BY(mutex);
  };
  const auto shared = std::make_shared<Shared>();
  const bool begun = RunAside([shared, call = std::move(call)] {
    Answer answer = call();
    {
      const MutexLock lock(&shared->mutex);
      shared->answer = std::move(answer);
    }
    shared->answered.NotifyAll();
  });
  if (!begun) return std::nullopt;
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(patience);
  const MutexLock lock(&shared->mutex);
  while (!shared->answer && shared->answered.WaitUntil(&shared->mutex, deadline)) {
  }
  return std::move(shared->answer);
}

}  // namespace drumfire
