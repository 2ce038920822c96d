// One client's connection: reads requests, asks the Api, and sends the replies at their times.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/mock_server/api.h"
#include "tools/mock_server/client_socket.h"
#include "tools/mock_server/http_parser.h"
#include "tools/mock_server/request_accounting.h"
#include "tools/mock_server/server_loop.h"
#include "tools/mock_server/slot_queue.h"

namespace drumfire::mock {

// Shared by all connections of a server. One thread; the pointers outlive all connections.
struct ServerState {
  const MockOptions* options = nullptr;
  const Clock* clock = nullptr;
  ServerLoop* loop = nullptr;
  Api* api = nullptr;
  ServerMetrics* metrics = nullptr;
  SlotQueue* slots = nullptr;
  TruthLog* truth = nullptr;      // may be null
  std::vector<char> read_buffer;  // of any size above 0
  std::string write_buffer;
};

class ClientConnection : public EventHandler, public SlotWaiter {
 public:
  // `state` must outlive it. `on_closed` is called once, at the very end, with the descriptor; the
  // ClientConnection must live until the current event is handled.
  ClientConnection(std::unique_ptr<ClientSocket> channel, ServerState* state,
                   std::function<void(int fd)> on_closed);

  // Starts to watch the socket. Errors: epoll's.
  absl::Status Start();
  // The server shuts down: logs requests in progress as they are.
  void Abandon();

  void OnIo(uint32_t events) override;
  void OnTimer(int64_t due_ns) override;
  void OnSlot() override;

 private:
  enum class Phase { kIdle, kQueued, kReplying, kLingering, kClosed };

  void Read();
  void TakeInput(absl::string_view data);
  int64_t ArrivalNs() const;
  void TakeBufferedInput();
  void RespondToRequest();
  void StartExchange(Answer answer);
  void Begin();
  void Pump();
  void StepOnce();
  void Send(absl::string_view bytes, int text_events);
  void Flush();
  void EndExchange(ReplyEnd end);
  void EndBooks(bool whole, bool client_closed);
  void Linger();
  void Close();
  void Arm();
  int64_t WakeNs() const;
  bool busy() const { return phase_ == Phase::kQueued || phase_ == Phase::kReplying; }

  ServerState& state_;
  const std::function<void(int)> on_closed_;
  const PersonaTraits& traits_;
  std::unique_ptr<ClientSocket> socket_;
  Phase phase_ = Phase::kIdle;
  HttpParser parser_;
  RequestAccounting accounting_;
  Answer answer_;
  std::string input_;   // received while a reply was in progress
  std::string output_;  // not accepted by the socket yet
  int requests_ = 0;
  int64_t read_ns_ = 0;          // arrival time of the last read's bytes
  int64_t active_ns_;            // last read or end of an answer
  int64_t armed_ns_ = kNeverNs;  // the earliest timer that still counts
};

}  // namespace drumfire::mock
