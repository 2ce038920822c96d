#include "tools/fleet_sim/record_links.h"

#include "absl/strings/str_cat.h"
#include "common/record/link.h"

namespace drumfire::fleet_sim {
namespace {

constexpr int kMaxSockets = 8192;

}  // namespace

RunLinks::RunLinks(absl::string_view client_key, SharedThread* loop)
    : loop_(loop), context_(1, kMaxSockets), authenticator_(client_key, &context_) {
  loop_->Watch(this, authenticator_.socket().get(zmq::sockopt::fd),
               [this] { authenticator_.Answer(); });
}

SharedRecordLink::SharedRecordLink(std::shared_ptr<RunLinks> run, const LinkKeys& keys,
                                   const std::string& host)
    : run_(std::move(run)), keys_(keys), socket_(*run_->context(), zmq::socket_type::push) {
  SetLinkOptions(&socket_);
  GuardServer(keys_, &socket_);
  socket_.bind(absl::StrCat("tcp://", host, ":*"));
  endpoint_ = socket_.get(zmq::sockopt::last_endpoint);
}

bool SharedRecordLink::Send(const std::string& frame) {
  return zmq_send(socket_.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT) >= 0;
}

absl::StatusOr<std::unique_ptr<RecordLink>> RecordLinks::Open(const std::string& client_key) {
  if (!IsLinkKey(client_key)) {
    return absl::InvalidArgumentError("no key of the coordinator for the record stream");
  }
  absl::StatusOr<LinkKeys> keys = MakeLinkKeys();
  if (!keys.ok()) return keys.status();
  try {
    std::shared_ptr<RunLinks> run = runs_[client_key].lock();
    if (run == nullptr) {
      run = std::make_shared<RunLinks>(client_key, loop_);
      std::erase_if(runs_, [](const auto& known) { return known.second.expired(); });
      runs_[client_key] = run;
    }
    return std::make_unique<SharedRecordLink>(std::move(run), *keys, host_);
  } catch (const zmq::error_t& error) {
    return absl::ResourceExhaustedError(absl::StrCat("ZeroMQ: ", error.what()));
  }
}

}  // namespace drumfire::fleet_sim
