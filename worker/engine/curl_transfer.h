// One libcurl easy handle that carries one request at a time, and is used again for the next.
// libcurl connects, sends and frames; what comes back goes, as it came, through the same
// ResponseInterpreter as the native engine's reads (libcurl is told not to decode chunks, and then
// calls back once a read). HTTP/2 heads are put into HTTP/1.1's words.
//
// One thread, the engine's.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/endpoint/response_interpreter.h"
#include "worker/engine/engine.h"
#include "worker/engine/exchange.h"
#include "worker/engine/multi_driver.h"
#include "worker/engine/response_deadline.h"
#include "worker/engine/target.h"
#include "worker/engine/timer_heap.h"

namespace drumfire {

class CurlTransfer;

class CurlTransferListener {
 public:
  virtual ~CurlTransferListener() = default;
  // A time-out is over. Called from a timer, with nothing of libcurl on the stack.
  virtual void OnTransferTimeout(CurlTransfer* transfer, const ResponseDeadline& deadline) = 0;
};

// What all transfers of an engine share. Not owned by them.
struct CurlContext {
  const Clock* clock;
  TimerHeap* timers;
  const v1::Connections* options;
  EngineCounters* counters;
  ResponseReader* reader;
  InterpreterOptions interpreter;
  CurlTransferListener* listener;
};

class CurlTransfer : public Timer {
 public:
  CurlTransfer(const CurlContext* context, MultiDriver* driver);
  ~CurlTransfer() override;

  // Starts the request to target (its path is taken from the exchange's head). False when libcurl
  // has no room for it: Abort it.
  bool Begin(std::unique_ptr<Exchange> exchange, const Target& target);
  // The transfer is over as libcurl says: fills in what is left and gives the exchange back.
  std::unique_ptr<Exchange> End(CURLcode result);
  // Breaks it off, closing its connection; error as FailExchange's, ERROR_NONE leaves the outcome.
  std::unique_ptr<Exchange> Abort(v1::ErrorClass error, absl::string_view message);

  MultiDriver* driver() const { return driver_; }
  bool is_busy() const { return exchange_ != nullptr; }
  void OnTimer(int64_t now_ns) override;

 private:
  static int OnSendStart(void* transfer, char*, char*, int, int);
  static int OnProgress(void* transfer, curl_off_t, curl_off_t, curl_off_t total, curl_off_t sent);
  static size_t OnHeaderLine(char* data, size_t size, size_t count, void* transfer);
  static size_t OnBody(char* data, size_t size, size_t count, void* transfer);
  static curl_socket_t OpenSocket(void* transfer, curlsocktype, curl_sockaddr* address);

  void SetConstantOptions();
  void SetTlsOptions();
  bool is_single_use() const;
  bool is_stale() const;
  void SetRequest(const Target& target);
  void TakeHeaderLine(absl::string_view line);
  void Interpret(absl::string_view bytes);
  std::unique_ptr<Exchange> Release();
  void NoteConnects();
  void Fail(CURLcode result);
  ResponseDeadline NextDeadline() const;
  ReadStamp Now() const { return {context_->clock->MonotonicNs(), v1::STAMP_USER}; }

  const CurlContext* const context_;
  MultiDriver* const driver_;
  CURL* const easy_;
  curl_slist* headers_ = nullptr;
  std::unique_ptr<Exchange> exchange_;
  std::string address_;  // of the target, for messages
  int64_t begin_ns_ = 0;
  int64_t last_end_ns_ = 0;
  int socket_errno_ = 0;
  uint32_t sends_ = 0;  // libcurl sends again by itself when an old connection was dead
  bool head_is_over_ = false;
  bool is_interim_head_ = false;
  bool is_interpreted_ = false;  // the interpreter has the whole response
  ResponseInterpreter interpreter_;
  char detail_[CURL_ERROR_SIZE] = "";
};

}  // namespace drumfire
