#include "common/record/link.h"

#include "absl/strings/match.h"
#include "common/clock/clock.h"
#include "common/record/frame.h"

namespace drumfire {
namespace {

constexpr int kReconnectMs = 50;
constexpr int kReconnectAtMostMs = 1000;
constexpr int kHeartbeatMs = 1000;
constexpr int kHeartbeatTimeoutMs = 5000;
constexpr int64_t kLongestPollNs = 60 * kNsPerSecond;

}  // namespace

void SetLinkOptions(zmq::socket_t* socket) {
  socket->set(zmq::sockopt::linger, 0);
  socket->set(zmq::sockopt::sndhwm, kLinkQueuedMessages);
  socket->set(zmq::sockopt::rcvhwm, kLinkQueuedMessages);
  socket->set(zmq::sockopt::maxmsgsize, int64_t{kFrameHeaderBytes + kMaxFramePayloadBytes});
  socket->set(zmq::sockopt::reconnect_ivl, kReconnectMs);
  socket->set(zmq::sockopt::reconnect_ivl_max, kReconnectAtMostMs);
  socket->set(zmq::sockopt::heartbeat_ivl, kHeartbeatMs);
  socket->set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
}

void AllowIpv6(absl::string_view endpoint, zmq::socket_t* socket) {
  socket->set(zmq::sockopt::ipv6, absl::StrContains(endpoint, '['));
}

long PollTimeoutMs(int64_t due_ns, int64_t now_ns) {
  if (due_ns == INT64_MAX) return -1;
  if (due_ns <= now_ns) return 0;
  const int64_t wait_ns = due_ns > kLongestPollNs + now_ns ? kLongestPollNs : due_ns - now_ns;
  return static_cast<long>((wait_ns + kNsPerMs - 1) / kNsPerMs);
}

}  // namespace drumfire
