// A server on a real loopback socket that plays a script for every request: sends, pauses, closes,
// resets. One thread serves all connections, plain or TLS.
//
//   ScriptedServer server([](const ServerRequest& request) {
//     return Script{Say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")};
//   });
//   ... server.url() ...
//
// The handler runs on the server's thread. Counters may be read from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "worker/engine/testing/test_certificate.h"

namespace drumfire {

struct ServerRequest {
  int connection = 0;  // 0, 1, ... in the order they were accepted
  int number = 0;      // on its connection, from 0
  std::string head;
  std::string body;
};

struct ServerStep {
  enum class Kind { kSay, kPause, kClose, kReset };
  Kind kind = Kind::kSay;
  std::string text;
  int64_t pause_ns = 0;
};

using Script = std::vector<ServerStep>;

ServerStep Say(absl::string_view text);
ServerStep Pause(int64_t ns);
ServerStep CloseNow();
ServerStep ResetNow();

class ServerConnection;

class ScriptedServer {
 public:
  using Handler = std::function<Script(const ServerRequest&)>;

  struct Options {
    std::string address = "127.0.0.1";
    const TestCertificate* certificate = nullptr;  // TLS when set
    // Played when a connection is accepted; null = nothing.
    std::function<Script(int connection)> on_accept;
  };

  explicit ScriptedServer(Handler handler) : ScriptedServer(std::move(handler), Options{}) {}
  ScriptedServer(Handler handler, Options options);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  int port() const { return port_; }
  // "http://127.0.0.1:port", or https.
  std::string url() const;
  int connections() const { return connections_; }
  int requests() const { return requests_; }
  // Connections open on the server's side.
  int open() const { return open_count_; }

 private:
  void Run();
  void Accept();
  void Serve(ServerConnection* connection);
  void Advance(ServerConnection* connection);
  int64_t NextDueNs() const;

  const Handler handler_;
  const Options options_;
  int listen_fd_ = -1;
  int stop_fd_ = -1;
  int epoll_fd_ = -1;
  int port_ = 0;
  void* tls_context_ = nullptr;
  std::map<int, std::unique_ptr<ServerConnection>> open_;  // by descriptor
  std::atomic<int> connections_{0};
  std::atomic<int> requests_{0};
  std::atomic<int> open_count_{0};
  std::thread thread_;
};

}  // namespace drumfire
