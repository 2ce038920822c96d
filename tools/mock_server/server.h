// The mock server: listens, accepts, and runs the loop that all connections share.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/mock_server/client_connection.h"

namespace drumfire::mock {

class Server : public EventHandler {
 public:
  // The server is listening when this returns. Errors: unusable address, certificate or truth log.
  // `clock` must outlive it.
  static absl::StatusOr<std::unique_ptr<Server>> Create(const MockOptions& options,
                                                        const Clock* clock);
  ~Server() override;

  int port() const { return port_; }
  // "http://127.0.0.1:8000".
  std::string Url() const;
  // Serves until Stop(). Returns the truth log's first error, if any.
  absl::Status Run();
  // One turn of Run: waits for an event and handles it.
  void RunOnce();
  // Any thread, including signal handlers.
  void Stop() { loop_->Stop(); }

  void OnIo(uint32_t events) override;
  // Accepts again after a pause.
  void OnTimer(int64_t due_ns) override;
  // How often connections had to wait for a free descriptor. Loop's thread, or after Run.
  uint64_t pauses() const { return pauses_; }
  // Number of open connections. Same threads as pauses().
  size_t connections() const { return connections_.size(); }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  Server(const MockOptions& options, const Clock* clock);
  absl::Status SetUp(const Clock* clock);
  void Accept(int fd);
  void PauseAccepting();
  void Forget(int fd);

  const MockOptions options_;
  ServerMetrics metrics_;
  SlotQueue slots_;
  Api api_;
  ServerState state_;
  std::unique_ptr<ServerLoop> loop_;
  std::unique_ptr<TruthLog> truth_;
  std::unique_ptr<SSL_CTX, FreeContext> tls_;
  int listen_fd_ = -1;
  int port_ = 0;
  uint64_t pauses_ = 0;
  std::unordered_map<int, std::unique_ptr<ClientConnection>> connections_;  // by descriptor
  std::vector<std::unique_ptr<ClientConnection>> closed_;                   // until the turn's end
};

}  // namespace drumfire::mock
