// A bound on calls that have none of their own, such as getaddrinfo: the call runs on a thread of
// its own, which is left behind when the time is over and ends whenever the call does.
//
// Why a thread, and not getaddrinfo_a or c-ares: getaddrinfo_a cannot cancel a look-up that has
// begun either, and c-ares knows DNS and /etc/hosts but not the name services of the host
// (nsswitch.conf: a cluster's directory, mDNS), by which gRPC and ssh find the same workers.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/time/time.h"

namespace drumfire {

// Calls under way, those left behind included. Past this bound no call is begun.
constexpr int kMostCallsUnderWay = 64;

// Runs the call on a thread of its own. False, and nothing is run, past the bound or without a
// thread. Any thread.
bool RunAside(std::function<void()> call);

// What the call returned; nothing when patience was over before, or RunAside refused. The call may
// outlive this function, so it must own what it uses. Any thread.
template <typename Answer>
std::optional<Answer> AnswerWithin(absl::Duration patience, std::function<Answer()> call) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<Answer> answer;  // guarded by mutex
  };
  const auto shared = std::make_shared<Shared>();
  const bool begun = RunAside([shared, call = std::move(call)] {
    Answer answer = call();
    {
      const std::lock_guard lock(shared->mutex);
      shared->answer = std::move(answer);
    }
    shared->answered.notify_all();
  });
  if (!begun) return std::nullopt;
  std::unique_lock lock(shared->mutex);
  shared->answered.wait_for(lock, absl::ToChronoNanoseconds(patience),
                            [&shared] { return shared->answer.has_value(); });
  return std::move(shared->answer);
}

}  // namespace drumfire
