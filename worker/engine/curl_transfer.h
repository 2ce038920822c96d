// One libcurl easy handle for one url. It carries one request at a time and is reused, or it only
// opens a connection, which then stays in its multi for a later request. libcurl connects, sends
// and frames. The raw response passes through the same ResponseInterpreter as in the native engine
// (libcurl is told not to decode chunks, so it calls back once per read). HTTP/2 heads are
// converted to HTTP/1.1.
//
// Opening ahead: libcurl does not reuse a connection made with CURLOPT_CONNECT_ONLY, but it checks
// that option again once the connection is up, after the pre-request callback and before the first
// byte of a request. So the option is set there: the transfer succeeds without sending anything,
// and leaves an ordinary reusable connection, including TLS. (Passing our own sockets to libcurl
// does not work: 7.88 connects them again, even with CURL_SOCKOPT_ALREADY_CONNECTED.)
//
// Stale connections: libcurl resends a request by itself if a reused connection ends without a byte
// of the response, no matter how long that took, on another old connection if it has one, and up to
// five times in a handle's life (7.88 never resets that count, and then always fails). Here it may
// resend once: after the first send it must open a new connection, and if it does so too late
// (IsStale) the socket is refused. A handle that has resent is replaced.
//
// One thread, the engine's.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/endpoint/response_interpreter.h"
#include "worker/engine/closed_by_peer.h"
#include "worker/engine/connect_error.h"
#include "worker/engine/engine.h"
#include "worker/engine/idle_connections.h"
#include "worker/engine/idle_list.h"
#include "worker/engine/multi_driver.h"
#include "worker/engine/response_deadline.h"
#include "worker/engine/target.h"
#include "worker/engine/timer_heap.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class CurlTransfer;

class CurlTransferListener {
 public:
  virtual ~CurlTransferListener() = default;
  // A timeout has expired. Called from a timer, outside of libcurl.
  virtual void OnTransferTimeout(CurlTransfer* transfer, const ResponseDeadline& deadline) = 0;
  // The transfer has a new or idle connection. Called from inside libcurl, before the request is
  // sent.
  virtual void OnTransferConnected(CurlTransfer* transfer, bool is_new) = 0;
};

// Shared by all transfers of an engine. Not owned by them.
struct CurlContext {
  const Clock* clock;
  TimerHeap* timers;
  const std::vector<Target>* targets;
  const v1::Connections* options;
  EngineCounters* counters;
  const int64_t*
      could_read_ns;  // when this step's reads could have begun if the loop had been on time
  ResponseReader* reader;
  InterpreterOptions interpreter;
  CurlTransferListener* listener;
};

class CurlTransfer : public Timer, public IdleNode {
 public:
  // url: index into the context's targets. Pointers are not owned and must outlive the transfer.
  CurlTransfer(const CurlContext* context, uint32_t url, MultiDriver* driver, IdleConnections* idle,
               ClosedByPeer* closed);
  ~CurlTransfer() override;

  // Starts the request (its path comes from the exchange's head). False if libcurl has no room for
  // it; then call Abort.
  bool Begin(std::unique_ptr<Exchange> exchange);
  // Starts to open a connection without sending anything. False as above.
  bool BeginOpening();
  // libcurl has finished the transfer: completes the exchange and returns it.
  std::unique_ptr<Exchange> End(CURLcode result);
  // The same for an opening: the reason why there is no connection, or ERROR_NONE if there is one.
  ConnectError EndOpening(CURLcode result);
  // Aborts the transfer and closes its connection. error as in FailExchange; ERROR_NONE keeps the
  // outcome. Returns null for an opening.
  std::unique_ptr<Exchange> Abort(v1::ErrorClass error, absl::string_view message);
  // Aborts a cancelled request; the exchange already has its outcome.
  std::unique_ptr<Exchange> Cancel();

  uint32_t url() const { return url_; }
  int64_t begin_ns() const { return begin_ns_; }
  MultiDriver* driver() const { return driver_; }
  bool is_opening() const { return is_opening_; }
  bool is_busy() const { return exchange_ != nullptr || is_opening_; }
  // Whether its last request left a connection in its multi.
  bool has_connection() const { return has_connection_; }
  void ForgetConnection() { has_connection_ = false; }
  void OnTimer(int64_t now_ns) override;

  std::optional<uint64_t> parked_session;  // the pool's note: free, kept for this session

 private:
  static int OnSendStart(void* transfer, char*, char*, int, int);
  static int OnProgress(void* transfer, curl_off_t, curl_off_t, curl_off_t total, curl_off_t sent);
  static size_t OnHeaderLine(char* data, size_t size, size_t count, void* transfer);
  static size_t OnBody(char* data, size_t size, size_t count, void* transfer);
  static curl_socket_t OpenSocket(void* transfer, curlsocktype, curl_sockaddr* address);
  static int CloseSocket(void* idle, curl_socket_t fd);

  void MakeHandle();
  void SetConstantOptions();
  const Target& target() const { return (*context_->targets)[url_]; }
  bool is_sticky() const;
  bool is_single_use() const;
  bool is_stale() const;
  void Reset();
  bool Start();
  void SetRequest();
  void TakeHeaderLine(absl::string_view line);
  void Interpret(absl::string_view bytes);
  std::unique_ptr<Exchange> Release();
  bool MaySendAgain();
  bool may_reuse() const { return context_->options->reuse() != v1::REUSE_NEVER; }
  long CountConnects();
  void NoteConnects(long connects);
  void NoteReplaced(long connects);
  void NoteIdle();
  void NoteSegmentLosses(Exchange* exchange) const;
  void NoteClosedByPeer();
  void Fail(CURLcode result);
  ConnectError WhyNotConnected(CURLcode result) const;
  ResponseDeadline NextDeadline() const;
  ReadStamp Now() const { return {context_->clock->MonotonicNs(), v1::STAMP_USER}; }

  const CurlContext* const context_;
  const uint32_t url_;
  MultiDriver* const driver_;
  IdleConnections* const idle_;
  ClosedByPeer* const closed_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::unique_ptr<Exchange> exchange_;
  bool is_opening_ = false;
  bool has_connection_ = false;
  curl_socket_t fd_ = CURL_SOCKET_BAD;  // of that connection
  int64_t begin_ns_ = 0;
  int64_t last_end_ns_ = 0;
  int socket_errno_ = 0;
  uint32_t sends_ = 0;
  bool is_lost_ = false;     // the connection of the first send ended without a byte
  bool may_resend_ = false;  // and was stale
  bool head_is_over_ = false;
  bool is_interim_head_ = false;
  bool is_interpreted_ = false;  // the interpreter has the complete response
  ResponseInterpreter interpreter_;
  char detail_[CURL_ERROR_SIZE] = "";
};

}  // namespace drumfire
