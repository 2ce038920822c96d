#include "worker/engine/connect_gate.h"

#include <unistd.h>

#include <algorithm>

namespace drumfire {

void ConnectGate::OnSuccess() {
  failures_ = 0;
  trying_ = false;
}

void ConnectGate::OnFailure(v1::ErrorClass error, int64_t began_ns, int64_t now_ns) {
  if (error == v1::ERROR_CLIENT_LIMIT) return OnGivenUp();
  const bool was_under_way = failures_ > 0 && began_ns <= last_failure_ns_;
  if (was_under_way) return;
  trying_ = false;
  last_failure_ns_ = now_ns;
  const int64_t pause_ns =
      std::min(kLongestPauseNs, kFirstPauseNs << std::min<uint32_t>(failures_, 16));
  ++failures_;
  next_ns_ = now_ns + Jittered(pause_ns);
}

// xorshift64.
int64_t ConnectGate::Jittered(int64_t pause_ns) {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return pause_ns - static_cast<int64_t>(random_ % static_cast<uint64_t>(pause_ns / 2));
}

std::vector<ConnectGate> MakeConnectGates(size_t addresses, const Clock& clock) {
  std::vector<ConnectGate> gates;
  const auto seed = static_cast<uint64_t>(clock.WallNs()) ^ static_cast<uint64_t>(getpid());
  for (size_t i = 0; i < addresses; ++i) gates.emplace_back(seed * (i + 1) * 0x9E3779B97F4A7C15);
  return gates;
}

}  // namespace drumfire
