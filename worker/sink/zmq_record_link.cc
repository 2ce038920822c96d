#include "worker/sink/zmq_record_link.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/record/link.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<ZmqRecordLink>> ZmqRecordLink::Create(
    const ZmqRecordLinkOptions& options, const Clock& clock) {
  if (!IsLinkKey(options.client_key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("no key of the coordinator for the record stream: ", options.client_key.size(),
                     " bytes, expected ", kLinkKeyBytes));
  }
  absl::StatusOr<WakeEvent> wake = WakeEvent::Create();
  if (!wake.ok()) return wake.status();
  absl::StatusOr<LinkKeys> keys = MakeLinkKeys();
  if (!keys.ok()) return keys.status();
  try {
    auto link =
        absl::WrapUnique(new ZmqRecordLink(options, *std::move(keys), clock, *std::move(wake)));
    if (absl::Status bound = link->Bind(options.bind_endpoint); !bound.ok()) return bound;
    return link;
  } catch (const zmq::error_t& error) {
    return absl::ResourceExhaustedError(absl::StrCat("ZeroMQ: ", error.what()));
  }
}

ZmqRecordLink::ZmqRecordLink(const ZmqRecordLinkOptions& options, LinkKeys keys, const Clock& clock,
                             WakeEvent wake)
    : keys_(std::move(keys)),
      clock_(clock),
      wake_(std::move(wake)),
      authenticator_(options.client_key, &context_),
      socket_(context_, zmq::socket_type::push) {
  SetLinkOptions(&socket_);
  GuardServer(keys_, &socket_);
}

absl::Status ZmqRecordLink::Bind(const std::string& endpoint) {
  try {
    AllowIpv6(endpoint, &socket_);
    socket_.bind(endpoint);
    endpoint_ = socket_.get(zmq::sockopt::last_endpoint);
    return absl::OkStatus();
  } catch (const zmq::error_t& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot bind records endpoint ", endpoint, ": ", error.what()));
  }
}

// The socket takes no more without a coordinator, and from one that does not keep up.
bool ZmqRecordLink::Send(const std::string& frame) {
  is_full_ = zmq_send(socket_.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT) < 0;
  return !is_full_;
}

void ZmqRecordLink::WaitUntil(int64_t until_ns) {
  zmq_pollitem_t items[] = {{nullptr, wake_.descriptor(), ZMQ_POLLIN, 0},
                            {authenticator_.socket().handle(), 0, ZMQ_POLLIN, 0},
                            {socket_.handle(), 0, ZMQ_POLLOUT, 0}};
  zmq_poll(items, is_full_ ? 3 : 2, PollTimeoutMs(until_ns, clock_.MonotonicNs()));
  if ((items[0].revents & ZMQ_POLLIN) != 0) wake_.Clear();
  authenticator_.Answer();
}

}  // namespace drumfire
