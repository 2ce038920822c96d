// How the links of the record socket stand, by endpoint: from ZeroMQ's monitor of the socket. One
// thread, the one that owns the socket.
#pragma once

#include <map>
#include <string>
#include <zmq.hpp>

#include "coordinator/ingest/record_transport.h"

namespace drumfire {

class SocketMonitor {
 public:
  // watched must outlive the monitor and connect afterwards. Throws zmq::error_t.
  SocketMonitor(zmq::context_t* context, zmq::socket_t* watched);
  ~SocketMonitor();

  // Readable when there is news.
  zmq::socket_t& socket() { return events_; }
  // Takes the news in; never blocks. False when there was none.
  bool Take();
  // An endpoint is to be connected: what was known of it is forgotten.
  void Begin(const std::string& endpoint) { states_[endpoint] = LinkState(); }
  LinkState Of(const std::string& endpoint) const;

 private:
  bool TakeOne();

  zmq::socket_t* const watched_;
  zmq::socket_t events_;
  std::map<std::string, LinkState> states_;
};

}  // namespace drumfire
