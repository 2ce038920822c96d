#include "worker/sink/record_sink.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/record/frame.h"
#include "common/record/link.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<RecordSink>> RecordSink::Create(const RecordSinkOptions& options,
                                                               const Clock& clock) {
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
    auto sink =
        absl::WrapUnique(new RecordSink(options, *std::move(keys), clock, *std::move(wake)));
    if (absl::Status bound = sink->Bind(); !bound.ok()) return bound;
    sink->thread_ = std::thread(&RecordSink::Run, sink.get());
    return sink;
  } catch (const zmq::error_t& error) {
    return absl::ResourceExhaustedError(absl::StrCat("ZeroMQ: ", error.what()));
  }
}

RecordSink::RecordSink(const RecordSinkOptions& options, LinkKeys keys, const Clock& clock,
                       WakeEvent wake)
    : options_(options),
      keys_(std::move(keys)),
      clock_(clock),
      wake_(std::move(wake)),
      gate_(options.client_key, &context_),
      socket_(context_, zmq::socket_type::push),
      unacked_(options.buffer_bytes, options.resend_after_ns) {
  SetLinkOptions(&socket_);
  GuardServer(keys_, &socket_);
}

RecordSink::~RecordSink() {
  stopping_ = true;
  wake_.Signal();
  if (thread_.joinable()) thread_.join();
}

absl::Status RecordSink::Bind() {
  try {
    AllowIpv6(options_.bind_endpoint, &socket_);
    socket_.bind(options_.bind_endpoint);
    endpoint_ = socket_.get(zmq::sockopt::last_endpoint);
    return absl::OkStatus();
  } catch (const zmq::error_t& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot bind records endpoint ", options_.bind_endpoint, ": ", error.what()));
  }
}

bool RecordSink::AddBatch(v1::RecordBatch* batch) {
  {
    const std::lock_guard lock(mutex_);
    batch->set_sequence(unacked_.next_sequence());
  }
  batch->set_run_id(options_.run_id);
  batch->set_worker(options_.worker);
  batch->set_epoch(options_.epoch);
  std::string frame;
  if (!AppendFrame(*batch, &frame).ok()) return false;
  {
    const std::lock_guard lock(mutex_);
    if (!unacked_.Add(std::move(frame))) return false;
  }
  wake_.Signal();
  return true;
}

absl::Status RecordSink::Ack(uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  return unacked_.Ack(sequence);
}

void RecordSink::ResendUnacked() {
  {
    const std::lock_guard lock(mutex_);
    unacked_.ResendAll();
  }
  wake_.Signal();
}

RecordSinkCounters RecordSink::counters() const {
  const std::lock_guard lock(mutex_);
  return {unacked_.next_sequence() - 1, unacked_.resends(), unacked_.held_bytes()};
}

void RecordSink::Run() {
  while (!stopping_) {
    const bool all_sent = SendDue();
    Wait(!all_sent);
  }
}

// False when the socket takes no more: no coordinator, or one that does not keep up.
bool RecordSink::SendDue() {
  while (!stopping_) {
    const std::lock_guard lock(mutex_);
    const int64_t now_ns = clock_.MonotonicNs();
    const std::string* frame = unacked_.Due(now_ns);
    if (frame == nullptr) return true;
    if (!SendOne(*frame)) return false;
    unacked_.MarkSent(now_ns);
  }
  return true;
}

bool RecordSink::SendOne(const std::string& frame) {
  return zmq_send(socket_.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT) >= 0;
}

void RecordSink::Wait(bool until_writable) {
  zmq_pollitem_t items[] = {{nullptr, wake_.descriptor(), ZMQ_POLLIN, 0},
                            {gate_.socket().handle(), 0, ZMQ_POLLIN, 0},
                            {socket_.handle(), 0, ZMQ_POLLOUT, 0}};
  int64_t due_ns = INT64_MAX;
  if (!until_writable) {
    const std::lock_guard lock(mutex_);
    due_ns = unacked_.NextDueNs();
  }
  zmq_poll(items, until_writable ? 3 : 2, PollTimeoutMs(due_ns, clock_.MonotonicNs()));
  if ((items[0].revents & ZMQ_POLLIN) != 0) wake_.Clear();
  gate_.Answer();
}

}  // namespace drumfire
