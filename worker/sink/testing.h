// What several tests of this room share: the coordinator's end of the record stream, as plain as
// can be.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <zmq.hpp>

#include "common/files/temporary_folder.h"
#include "common/loop/loop_thread.h"
#include "common/record/frame.h"
#include "common/record/link_keys.h"
#include "drumfire/v1/record.pb.h"
#include "worker/sink/batch_sender.h"
#include "worker/sink/zmq_record_link.h"

namespace drumfire::testutil {

// The keys of the one coordinator that these tests know.
inline const LinkKeys& CoordinatorKeys() {
  static const auto* const keys = new LinkKeys(*MakeLinkKeys());
  return *keys;
}

class BatchReceiver {
 public:
  BatchReceiver(const std::string& endpoint, const std::string& server_key,
                const LinkKeys& keys = CoordinatorKeys())
      : socket_(context_, zmq::socket_type::pull) {
    socket_.set(zmq::sockopt::linger, 0);
    GuardClient(keys, server_key, &socket_);
    socket_.connect(endpoint);
  }

  // Without waiting.
  bool HasNext() {
    zmq::message_t message;
    return socket_.recv(message, zmq::recv_flags::dontwait).has_value();
  }

  // Waits for the next one; empty when it is no whole batch.
  v1::RecordBatch Next() {
    zmq::message_t message;
    v1::RecordBatch batch;
    if (!socket_.recv(message)) return batch;
    const auto payload = ReadWholeFrame({static_cast<const char*>(message.data()), message.size()});
    if (payload.ok()) batch.ParseFromArray(payload->data(), static_cast<int>(payload->size()));
    return batch;
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

// A link with its sender and the sender's thread.
class RunningSender {
 public:
  RunningSender(std::unique_ptr<ZmqRecordLink> link, const BatchSenderOptions& options)
      : link_(std::move(link)),
        sender_(options, link_.get(), [this] { thread_->Wake(); }),
        thread_(std::make_unique<LoopThread>(&sender_, SystemClock(), link_->waiter())) {}

  bool AddOne(uint64_t k) {
    v1::RecordBatch batch;
    batch.add_records()->set_session(k);
    return AddBatch(&batch);
  }
  bool AddBatch(v1::RecordBatch* batch) { return sender_.AddBatch(batch); }
  absl::Status Ack(uint64_t sequence) { return sender_.Ack(sequence); }
  void ResendUnacked() { sender_.ResendUnacked(); }
  BatchSenderCounters counters() const { return sender_.counters(); }
  std::string endpoint() const { return link_->endpoint(); }
  std::string server_key() const { return link_->server_key(); }

 private:
  const std::unique_ptr<ZmqRecordLink> link_;
  BatchSender sender_;
  const std::unique_ptr<LoopThread> thread_;  // ends first
};

}  // namespace drumfire::testutil
