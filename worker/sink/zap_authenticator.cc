#include "worker/sink/zap_authenticator.h"

#include <vector>

#include "glog/logging.h"

namespace drumfire {
namespace {

constexpr char kZapEndpoint[] = "inproc://zeromq.zap.01";
// Frames of a request: version, request id, domain, address, routing id, mechanism, key.
constexpr size_t kRequestId = 1;
constexpr size_t kAddress = 3;
constexpr size_t kMechanism = 5;
constexpr size_t kKey = 6;
constexpr size_t kRequestFrames = 7;
constexpr int kMostWarnings = 10;

using Frames = std::vector<std::string>;

// Empty when nobody waits.
Frames Receive(zmq::socket_t* socket) {
  Frames frames;
  zmq::message_t frame;
  do {
    if (zmq_msg_recv(frame.handle(), socket->handle(), ZMQ_DONTWAIT) < 0) return {};
    frames.push_back(frame.to_string());
  } while (frame.more());
  return frames;
}

void Send(const Frames& frames, zmq::socket_t* socket) {
  for (size_t i = 0; i < frames.size(); ++i) {
    const int more = i + 1 < frames.size() ? ZMQ_SNDMORE : 0;
    zmq_send(socket->handle(), frames[i].data(), frames[i].size(), ZMQ_DONTWAIT | more);
  }
}

}  // namespace

ZapAuthenticator::ZapAuthenticator(absl::string_view client_key, zmq::context_t* context)
    : client_key_(client_key), socket_(*context, zmq::socket_type::rep) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind(kZapEndpoint);
}

void ZapAuthenticator::Answer() {
  while (AnswerOne()) {
  }
}

bool ZapAuthenticator::AnswerOne() {
  const Frames request = Receive(&socket_);
  if (request.empty()) return false;
  const bool welcome = request.size() == kRequestFrames && request[kMechanism] == "CURVE" &&
                       request[kKey] == client_key_;
  if (!welcome && request.size() > kAddress) {
    LOG_FIRST_N(WARNING, kMostWarnings)
        << "records: " << request[kAddress]
        << " does not hold the key of this run's coordinator and gets nothing";
  }
  const std::string id = request.size() > kRequestId ? request[kRequestId] : "";
  Send({"1.0", id, welcome ? "200" : "400", welcome ? "OK" : "another key", "", ""}, &socket_);
  return true;
}

}  // namespace drumfire
