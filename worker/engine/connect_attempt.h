// One connect through libcurl (CURLOPT_CONNECT_ONLY): its handle, its result, and the request that
// waits for it.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>

#include "drumfire/v1/plan.pb.h"
#include "worker/engine/connect_error.h"
#include "worker/engine/target.h"
#include "worker/engine/timer_heap.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

struct ConnectTimes {
  int64_t dns_ns = 0;
  int64_t connect_ns = 0;
  int64_t tls_ns = 0;
  int64_t wait_ns = 0;  // part of connect_ns: the address was paced
};

class ConnectAttempt;

class AttemptListener {
 public:
  virtual ~AttemptListener() = default;
  virtual void OnAttemptTimeout(ConnectAttempt* attempt) = 0;
};

class ConnectAttempt : public Timer {
 public:
  // exchange: the request that waits for the connection; null if it is opened ahead. listener: not
  // owned.
  ConnectAttempt(uint32_t url, std::unique_ptr<Exchange> exchange, AttemptListener* listener);
  ~ConnectAttempt() override;

  // Creates the handle; false if libcurl cannot. share: not owned.
  bool Prepare(const Target& target, const v1::Connections& options, CURLSH* share);
  // The connected socket, still owned by libcurl; -1 if there is none.
  int descriptor() const;
  // Transfers the socket of a plain connection to the caller; libcurl will not close it.
  int TakeDescriptor();
  // Transfers the handle of a TLS connection to the caller; it no longer refers to this attempt.
  CURL* TakeEasy();

  ConnectTimes Times() const;
  ConnectError Error(CURLcode code, const Target& target, bool descriptors_left) const;

  void OnTimer(int64_t now_ns) override;

  // The connector's notes, monotonic ns: when the connect was requested and when libcurl began it,
  // and whether the address was paced in between.
  int64_t asked_ns = 0;
  int64_t began_ns = 0;
  bool was_paced = false;

  CURL* easy() const { return easy_; }
  uint32_t url() const { return url_; }
  bool is_for_later() const { return exchange_ == nullptr; }
  std::unique_ptr<Exchange> TakeExchange() { return std::move(exchange_); }

 private:
  static curl_socket_t OpenSocket(void* attempt, curlsocktype purpose, curl_sockaddr* address);
  static int CloseSocket(void* attempt, curl_socket_t fd);
  void SetTlsOptions(const v1::Connections& options);

  const uint32_t url_;
  std::unique_ptr<Exchange> exchange_;
  AttemptListener* const listener_;
  CURL* easy_ = nullptr;
  int socket_errno_ = 0;
  int taken_fd_ = -1;
  char detail_[CURL_ERROR_SIZE] = "";
};

}  // namespace drumfire
