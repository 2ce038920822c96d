// The record sockets of a process's fake workers: one ZeroMQ context (one I/O thread) a run for all
// of them, where a real worker has one of its own. CURVE and the authenticator are the real
// worker's. The event loop's thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/record/link_keys.h"
#include "tools/fleet_sim/shared_thread.h"
#include "worker/sink/batch_sender.h"
#include "worker/sink/zap_authenticator.h"

namespace drumfire::fleet_sim {

// What the workers of one run share.
class RunLinks {
 public:
  // client_key: of the run's coordinator. loop is not owned. Throws zmq::error_t.
  RunLinks(absl::string_view client_key, SharedThread* loop);
  ~RunLinks() { loop_->Unwatch(this); }
  zmq::context_t* context() { return &context_; }

 private:
  SharedThread* const loop_;
  zmq::context_t context_;
  ZapAuthenticator authenticator_;
};

class SharedRecordLink : public RecordLink {
 public:
  SharedRecordLink(std::shared_ptr<RunLinks> run, const LinkKeys& keys, const std::string& host);

  std::string endpoint() const override { return endpoint_; }
  std::string server_key() const override { return keys_.public_key; }
  bool Send(const std::string& frame) override;

 private:
  const std::shared_ptr<RunLinks> run_;
  const LinkKeys keys_;
  zmq::socket_t socket_;
  std::string endpoint_;
};

class RecordLinks {
 public:
  // host: address to bind at. loop must outlive the links.
  RecordLinks(std::string host, SharedThread* loop) : host_(std::move(host)), loop_(loop) {}

  // A socket that only the holder of the secret half of client_key may pull from. INVALID_ARGUMENT
  // for a key that is none.
  absl::StatusOr<std::unique_ptr<RecordLink>> Open(const std::string& client_key);

 private:
  const std::string host_;
  SharedThread* const loop_;
  std::map<std::string, std::weak_ptr<RunLinks>> runs_;  // by client key
};

}  // namespace drumfire::fleet_sim
