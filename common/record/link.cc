#include "common/record/link.h"

#include "absl/strings/match.h"
#include "common/clock/clock.h"
#include "common/record/frame.h"

namespace drumfire {
namespace {

constexpr int kReconnectMs = 50;
constexpr int kReconnectAtMostMs = 1000;
// A peer that the system hears nothing of for so long is gone: an idle link is probed, one with
// bytes under way waits for their acknowledgement.
constexpr int kProbeAfterS = 5;
constexpr int kProbeEveryS = 2;
constexpr int kProbes = 3;
constexpr int kUnackedAtMostMs = 10'000;
constexpr int64_t kLongestPollNs = 60 * kNsPerSecond;

}  // namespace

void SetLinkOptions(zmq::socket_t* socket) {
  socket->set(zmq::sockopt::linger, 0);
  socket->set(zmq::sockopt::sndhwm, kLinkQueuedMessages);
  socket->set(zmq::sockopt::rcvhwm, kLinkQueuedMessages);
  socket->set(zmq::sockopt::maxmsgsize, int64_t{kFrameHeaderBytes + kMaxFramePayloadBytes});
  socket->set(zmq::sockopt::reconnect_ivl, kReconnectMs);
  socket->set(zmq::sockopt::reconnect_ivl_max, kReconnectAtMostMs);
  // Not ZMTP's heartbeats: a reader at its high-water mark does not answer them, the peer closes
  // the link, and the reader's own next heartbeat then fails an assertion of libzmq 4.3.
  socket->set(zmq::sockopt::tcp_keepalive, 1);
  socket->set(zmq::sockopt::tcp_keepalive_idle, kProbeAfterS);
  socket->set(zmq::sockopt::tcp_keepalive_intvl, kProbeEveryS);
  socket->set(zmq::sockopt::tcp_keepalive_cnt, kProbes);
  socket->set(zmq::sockopt::tcp_maxrt, kUnackedAtMostMs);
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
