// How the links of the record socket stand, by endpoint: from ZeroMQ's monitor of the socket. One
// thread, the one that owns the socket.
//
// ZeroMQ connects again by itself after a lost connection, but not after bytes that break its
// protocol: the session then ends, or it reads no more while the connection stays (a message that
// CURVE cannot decrypt). TakeEnded tells of these.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/clock/clock.h"
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
  void Begin(const std::string& endpoint);
  LinkState Of(const std::string& endpoint) const;
  // Links that broke at least kGraceNs ago and that ZeroMQ does not make again; each once. Not
  // those that were refused before they were ever up.
  std::vector<std::string> TakeEnded(int64_t now_ns);
  // When TakeEnded may have a link to tell of; kNever = no link is broken.
  int64_t NextEndNs() const;

  // ZeroMQ says at once whether it tries again. Bounds how often a link that keeps ending is made.
  static constexpr int64_t kGraceNs = 200 * kNsPerMs;

 private:
  bool TakeOne();
  void Note(uint16_t kind, const std::string& endpoint);

  zmq::socket_t* const watched_;
  zmq::socket_t events_;
  std::map<std::string, LinkState> states_;
  std::map<std::string, int64_t> broken_ns_;  // when, monotonic; gone once it is made again
};

}  // namespace drumfire
