// Who may pull records from this worker: the one peer that holds the secret half of a given CURVE
// key. It is the ZeroMQ context's ZAP handler (RFC 27), so it must exist before the guarded socket
// binds. One thread, the one that polls socket().
#pragma once

#include <cstdint>
#include <string>
#include <zmq.hpp>

#include "absl/strings/string_view.h"

namespace drumfire {

class ZapAuthenticator {
 public:
  // client_key: 32 bytes. Throws zmq::error_t.
  ZapAuthenticator(absl::string_view client_key, zmq::context_t* context);

  // Readable when somebody waits at the gate.
  zmq::socket_t& socket() { return socket_; }
  // Answers all who wait; never blocks.
  void Answer();

 private:
  bool AnswerOne();

  const std::string client_key_;
  zmq::socket_t socket_;
};

}  // namespace drumfire
