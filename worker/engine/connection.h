// One open HTTP/1.1 connection: idle, or carrying one request. It sends, reads, stamps each read,
// passes the bytes to the ResponseInterpreter and enforces timeouts. The engine decides which
// request uses which connection.
//
// One thread. A callback is always the connection's last action, so the listener may begin the next
// request on it at once, or retire it (but must destroy it later, from outside).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/endpoint/response_interpreter.h"
#include "worker/engine/engine.h"
#include "worker/engine/idle_list.h"
#include "worker/engine/kernel_stamps.h"
#include "worker/engine/poller.h"
#include "worker/engine/read_delays.h"
#include "worker/engine/response_deadline.h"
#include "worker/engine/segment_loss.h"
#include "worker/engine/socket.h"
#include "worker/engine/timer_heap.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class Connection;

class ConnectionListener {
 public:
  virtual ~ConnectionListener() = default;
  // The exchange is over; its outcome and end are set. The connection is idle if is_open(), and
  // otherwise closed.
  virtual void OnExchangeOver(Connection* connection, std::unique_ptr<Exchange> exchange) = 0;
  // The connection was stale (IsStale) and is closed. The exchange is as before the send, plus the
  // lost time.
  virtual void OnLostUnanswered(Connection* connection, std::unique_ptr<Exchange> exchange) = 0;
  // An idle connection was closed: by the server, or because the server sent unexpected bytes.
  virtual void OnIdleClosed(Connection* connection) = 0;
  // More may be left to read than fits into one step: call ReadMore soon.
  virtual void OnReadMoreLater(Connection* connection) = 0;
};

// Shared by all connections of an engine. Not owned by them.
struct ConnectionContext {
  const Clock* clock;
  Poller* poller;
  TimerHeap* timers;
  KernelStamps* stamps;
  ReadDelays* read_delays;
  EngineCounters* counters;
  uint64_t* reads;
  const int64_t*
      could_read_ns;  // when this step's reads could have begun if the loop had been on time
  const v1::Connections* options;
  char* buffer;  // buffer_bytes, plus padding for the JSON parser
  size_t buffer_bytes;
  ResponseReader* reader;
  InterpreterOptions interpreter;
  ConnectionListener* listener;
};

class Connection : public IoHandler, public Timer, public IdleNode {
 public:
  Connection(const ConnectionContext* context, uint32_t url, std::unique_ptr<Socket> socket);
  ~Connection() override;

  // Starts to watch the socket; false if the kernel has no room for it.
  bool Watch();
  // Sends the exchange's request now. The connection must be idle. reused: it was open before this
  // request.
  void Begin(std::unique_ptr<Exchange> exchange, bool reused);
  // Closes the connection and returns the request in progress, if any, without a callback.
  std::unique_ptr<Exchange> Close();
  // The same, but nothing more of the request reaches the server. The exchange already has its
  // outcome.
  std::unique_ptr<Exchange> Cancel();
  // Continues where OnReadMoreLater stopped.
  void ReadMore();

  uint32_t url() const { return url_; }
  bool is_open() const { return socket_ != nullptr; }
  bool is_busy() const { return exchange_ != nullptr; }
  bool has_kernel_stamps() const { return has_kernel_stamps_; }

  void OnIo(uint32_t epoll_events) override;
  void OnTimer(int64_t now_ns) override;

  // The pool's notes.
  size_t place = 0;                        // among all connections
  std::optional<uint64_t> parked_session;  // idle, kept for this session

 private:
  void Send();
  void NoteSent(const IoResult& result, int64_t before_ns, int64_t after_ns);
  bool has_unsent() const { return sent_bytes_ < exchange_->head.size() + body().size(); }
  absl::string_view body() const;
  void Read();
  void ReadBusy();
  void ReadIdle();
  void ReadLater();
  // False if the exchange is over (or was lost).
  bool TakeBytes(const IoResult& result);
  ReadStamp StampOf(const IoResult& result, int64_t read_ns);
  void NoteDelay(const ReadStamp& stamp, int64_t read_ns, uint32_t coalesced_chunks);
  void HandleEnd(int error);
  void Lose(int error);
  void Finish(bool reusable);
  void FailAndClose(v1::ErrorClass error, absl::string_view message);
  void NoteSegmentLosses();
  void ArmTimer();
  ResponseDeadline NextDeadline() const;

  const ConnectionContext* const context_;
  const uint32_t url_;
  const bool has_kernel_stamps_;
  bool reused_ = false;
  bool peer_ended_ = false;  // the kernel reported that the peer sends no more
  bool stall_armed_ = false;
  bool reads_later_ = false;  // ReadMore will be called
  std::unique_ptr<Socket> socket_;
  std::unique_ptr<Exchange> exchange_;
  size_t sent_bytes_ = 0;
  int64_t begin_ns_ = 0;
  int64_t last_stamp_ns_ = 0;  // the send, then each read's
  SegmentLossWatch segment_losses_;
  ResponseInterpreter interpreter_;
};

}  // namespace drumfire
