// Record links over one ZeroMQ PULL socket. Both ends prove CURVE keys that were exchanged over the
// control stream. It is the waiter of the loop that reads it: one thread makes all calls but Wake.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/record/link_keys.h"
#include "common/record/wake_event.h"
#include "coordinator/ingest/record_transport.h"
#include "coordinator/ingest/socket_monitor.h"

namespace drumfire {

class ZmqRecordTransport : public RecordTransport, private LoopWaiter {
 public:
  // keys: of this run. RESOURCE_EXHAUSTED when the system has no socket or descriptor left.
  static absl::StatusOr<std::unique_ptr<ZmqRecordTransport>> Create(const LinkKeys& keys);

  absl::Status Connect(const std::string& endpoint, const std::string& server_key) override;
  void Disconnect(const std::string& endpoint) override;
  std::optional<absl::string_view> Next() override;
  void HoldFrames(bool hold) override { holds_frames_ = hold; }
  bool TakeLinkChanges() override;
  LinkState StateOf(const std::string& endpoint) const override { return monitor_.Of(endpoint); }
  LoopWaiter* waiter() override { return this; }

 private:
  ZmqRecordTransport(const LinkKeys& keys, WakeEvent wake);
  void WaitUntil(int64_t until_ns) override;
  void Wake() override { wake_.Signal(); }
  absl::Status Open(const std::string& endpoint, const std::string& server_key);
  void Close(const std::string& endpoint);
  void MakeEndedAgain();

  const LinkKeys keys_;
  WakeEvent wake_;
  zmq::context_t context_;
  zmq::socket_t socket_;
  SocketMonitor monitor_;
  std::map<std::string, std::string> server_keys_;  // by endpoint, of those connected
  zmq::message_t frame_;
  bool holds_frames_ = false;
};

}  // namespace drumfire
