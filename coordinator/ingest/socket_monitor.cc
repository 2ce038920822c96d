#include "coordinator/ingest/socket_monitor.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                        ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                        ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED;

// zmq_socket_monitor(3): an event's first frame.
struct Event {
  uint16_t kind;
  uint32_t value;
};

Event ReadEvent(const zmq::message_t& frame) {
  Event event{};
  if (frame.size() < sizeof(event.kind) + sizeof(event.value)) return event;
  const char* bytes = static_cast<const char*>(frame.data());
  std::memcpy(&event.kind, bytes, sizeof(event.kind));
  std::memcpy(&event.value, bytes + sizeof(event.kind), sizeof(event.value));
  return event;
}

// Damage to a link that was up looks like a refusal, and is none.
void Refuse(absl::string_view cause, LinkState* state) {
  state->refused = !state->was_up;
  state->cause = std::string(cause);
}

void Apply(uint16_t kind, LinkState* state) {
  switch (kind) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      *state = LinkState();
      state->was_up = true;
      return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return Refuse("it does not take this run's key", state);
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      return Refuse("what listens there does not hold the worker's key", state);
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      state->cause = "it closed the connection instead of proving the worker's key";
      return;
    case ZMQ_EVENT_DISCONNECTED:
      return;
    default:
      if (state->cause.empty()) state->cause = "no connection";
  }
}

// Unique in the process, as inproc names must be in their context.
std::string MonitorEndpoint() {
  static std::atomic<uint64_t> next = 0;
  return absl::StrCat("inproc://drumfire-links-", next++);
}

}  // namespace

SocketMonitor::SocketMonitor(zmq::context_t* context, zmq::socket_t* watched)
    : watched_(watched), events_(*context, zmq::socket_type::pair) {
  const std::string endpoint = MonitorEndpoint();
  if (zmq_socket_monitor(watched->handle(), endpoint.c_str(), kEvents) != 0) throw zmq::error_t();
  events_.set(zmq::sockopt::linger, 0);
  events_.connect(endpoint);
}

// ZeroMQ's own thread waits for room while it holds the lock that this needs: when a thousand
// workers close their links and nobody listens any longer, it would wait for ever.
SocketMonitor::~SocketMonitor() {
  (void)Take();
  zmq_socket_monitor(watched_->handle(), nullptr, 0);
}

bool SocketMonitor::Take() {
  bool any = false;
  while (TakeOne()) any = true;
  return any;
}

bool SocketMonitor::TakeOne() {
  zmq::message_t event;
  zmq::message_t endpoint;
  if (zmq_msg_recv(event.handle(), events_.handle(), ZMQ_DONTWAIT) < 0) return false;
  if (!event.more() || zmq_msg_recv(endpoint.handle(), events_.handle(), ZMQ_DONTWAIT) < 0) {
    return true;
  }
  Note(ReadEvent(event).kind, endpoint.to_string());
  return true;
}

// An endpoint by name has its events under the name up to the first break, and then under the
// address: such a link is made anew after each break, and has its name again.
void SocketMonitor::Note(uint16_t kind, const std::string& endpoint) {
  Apply(kind, &states_[endpoint]);
  switch (kind) {
    case ZMQ_EVENT_DISCONNECTED:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      broken_ns_[endpoint] = SystemClock().MonotonicNs();
      return;
    case ZMQ_EVENT_CONNECT_RETRIED:
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      broken_ns_.erase(endpoint);
      return;
    default:
      return;
  }
}

void SocketMonitor::Begin(const std::string& endpoint) {
  states_[endpoint] = LinkState();
  broken_ns_.erase(endpoint);
}

std::vector<std::string> SocketMonitor::TakeEnded(int64_t now_ns) {
  std::vector<std::string> ended;
  std::erase_if(broken_ns_, [&](const auto& broken) {
    if (now_ns - broken.second < kGraceNs) return false;
    if (!states_[broken.first].refused) ended.push_back(broken.first);
    return true;
  });
  return ended;
}

int64_t SocketMonitor::NextEndNs() const {
  int64_t next_ns = kNever;
  for (const auto& [endpoint, broken_ns] : broken_ns_) {
    next_ns = std::min(next_ns, broken_ns + kGraceNs);
  }
  return next_ns;
}

LinkState SocketMonitor::Of(const std::string& endpoint) const {
  const auto found = states_.find(endpoint);
  return found == states_.end() ? LinkState() : found->second;
}

}  // namespace drumfire
