#include "coordinator/ingest/zmq_record_transport.h"

#include <algorithm>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/record/link.h"
#include "common/status/status_macros.h"
#include "glog/logging.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<ZmqRecordTransport>> ZmqRecordTransport::Create(
    const LinkKeys& keys) {
  DRUMFIRE_ASSIGN_OR_RETURN(WakeEvent wake, WakeEvent::Create());
  try {
    return absl::WrapUnique(new ZmqRecordTransport(keys, std::move(wake)));
  } catch (const zmq::error_t& error) {
    return absl::ResourceExhaustedError(absl::StrCat("ZeroMQ: ", error.what()));
  }
}

ZmqRecordTransport::ZmqRecordTransport(const LinkKeys& keys, WakeEvent wake)
    : keys_(keys),
      wake_(std::move(wake)),
      socket_(context_, zmq::socket_type::pull),
      monitor_(&context_, &socket_) {
  SetLinkOptions(&socket_);
}

absl::Status ZmqRecordTransport::Connect(const std::string& endpoint,
                                         const std::string& server_key) {
  monitor_.Begin(endpoint);
  DRUMFIRE_RETURN_IF_ERROR(Open(endpoint, server_key));
  server_keys_[endpoint] = server_key;
  return absl::OkStatus();
}

absl::Status ZmqRecordTransport::Open(const std::string& endpoint, const std::string& server_key) {
  try {
    AllowIpv6(endpoint, &socket_);
    GuardClient(keys_, server_key, &socket_);
    socket_.connect(endpoint);
    return absl::OkStatus();
  } catch (const zmq::error_t& error) {
    return absl::InvalidArgumentError(error.what());
  }
}

void ZmqRecordTransport::Disconnect(const std::string& endpoint) {
  server_keys_.erase(endpoint);
  Close(endpoint);
}

void ZmqRecordTransport::Close(const std::string& endpoint) {
  try {
    socket_.disconnect(endpoint);
  } catch (const zmq::error_t& error) {
    LOG(DFATAL) << "no record link to " << endpoint << ": " << error.what();
  }
}

std::optional<absl::string_view> ZmqRecordTransport::Next() {
  if (zmq_msg_recv(frame_.handle(), socket_.handle(), ZMQ_DONTWAIT) < 0) return std::nullopt;
  return absl::string_view(static_cast<const char*>(frame_.data()), frame_.size());
}

bool ZmqRecordTransport::TakeLinkChanges() {
  const bool any = monitor_.Take();
  if (monitor_.NextEndNs() != kNever) MakeEndedAgain();
  return any;
}

// Frames of the old link that nobody has read yet go with it: the worker sends them again.
void ZmqRecordTransport::MakeEndedAgain() {
  for (const std::string& endpoint : monitor_.TakeEnded(SystemClock().MonotonicNs())) {
    const auto found = server_keys_.find(endpoint);
    if (found == server_keys_.end()) continue;
    Close(endpoint);
    const absl::Status opened = Open(endpoint, found->second);
    if (!opened.ok()) LOG(ERROR) << "record link to " << endpoint << ": " << opened.message();
  }
}

void ZmqRecordTransport::WaitUntil(int64_t until_ns) {
  zmq_pollitem_t items[] = {{nullptr, wake_.descriptor(), ZMQ_POLLIN, 0},
                            {monitor_.socket().handle(), 0, ZMQ_POLLIN, 0},
                            {socket_.handle(), 0, ZMQ_POLLIN, 0}};
  const int64_t due_ns = std::min(until_ns, monitor_.NextEndNs());
  zmq_poll(items, holds_frames_ ? 2 : 3, PollTimeoutMs(due_ns, SystemClock().MonotonicNs()));
  if ((items[0].revents & ZMQ_POLLIN) != 0) wake_.Clear();
}

}  // namespace drumfire
