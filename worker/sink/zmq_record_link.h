// The record stream as a ZeroMQ PUSH socket that the worker binds. Only the peer that holds the
// coordinator's CURVE key may pull.
#pragma once

#include <memory>
#include <string>
#include <zmq.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/loop/loop.h"
#include "common/record/link_keys.h"
#include "common/record/wake_event.h"
#include "worker/sink/batch_sender.h"
#include "worker/sink/zap_authenticator.h"

namespace drumfire {

struct ZmqRecordLinkOptions {
  // To bind: "tcp://host:*", "tcp://host:port" (host is an address of this machine, 0.0.0.0 or [::]
  // for all) or "ipc:///path".
  std::string bind_endpoint;
  // CURVE public key of the run's coordinator, 32 bytes: nobody else gets records.
  std::string client_key;
};

// Made on any thread; then Send and WaitUntil on the sender's only, Wake on any.
class ZmqRecordLink : public RecordLink, private LoopWaiter {
 public:
  // Binds. clock must outlive the link. An endpoint that cannot be bound, or no key of the
  // coordinator, is INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<ZmqRecordLink>> Create(const ZmqRecordLinkOptions& options,
                                                               const Clock& clock);

  bool Send(const std::string& frame) override;
  LoopWaiter* waiter() override { return this; }
  // As ZeroMQ names it: with a port for "*". A wildcard host stays one and is the caller's to
  // replace by a name that the coordinator can reach.
  std::string endpoint() const override { return endpoint_; }
  // Made for this link alone.
  std::string server_key() const override { return keys_.public_key; }

 private:
  ZmqRecordLink(const ZmqRecordLinkOptions& options, LinkKeys keys, const Clock& clock,
                WakeEvent wake);
  absl::Status Bind(const std::string& endpoint);
  void WaitUntil(int64_t until_ns) override;
  void Wake() override { wake_.Signal(); }

  const LinkKeys keys_;
  const Clock& clock_;
  std::string endpoint_;
  WakeEvent wake_;
  zmq::context_t context_;
  ZapAuthenticator authenticator_;
  zmq::socket_t socket_;
  bool is_full_ = false;  // the last Send was refused
};

}  // namespace drumfire
