// What several tests of this room share: the coordinator's end of the record stream, as plain as
// can be.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <zmq.hpp>

#include "common/record/frame.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire::testing {

inline constexpr char kRunId[] = "0123456789abcdef";

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string IpcEndpoint(const std::string& name) const { return "ipc://" + path_ + "/" + name; }

 private:
  std::string path_;
};

class BatchReceiver {
 public:
  explicit BatchReceiver(const std::string& endpoint) : socket_(context_, zmq::socket_type::pull) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.connect(endpoint);
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

}  // namespace drumfire::testing
