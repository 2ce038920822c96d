// Opens connections through libcurl, which handles name look-up, multiple addresses, proxies and
// TLS. At most kMaxConnecting connects are in progress at a time; further requests wait in line.
// Connects to an address that fails are paced by its ConnectGate.
//
//     connector->Start(url, std::move(exchange));  // exchange waits for the connection
//     // ... the poller runs; then, once: listener->OnConnected(...) or OnConnectFailed(...)
//     connector->Reap();                           // after each step, outside of callbacks
//
//
// One thread, the engine's. Results are delivered from the poller's and the timers' calls, never
// from inside Start.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/engine/connect_attempt.h"
#include "worker/engine/connect_gate.h"
#include "worker/engine/multi_driver.h"
#include "worker/engine/socket.h"

namespace drumfire {

class ConnectListener {
 public:
  virtual ~ConnectListener() = default;
  // exchange: the one passed to Start. Both callbacks may call Start.
  virtual void OnConnected(uint32_t url, std::unique_ptr<Exchange> exchange,
                           std::unique_ptr<Socket> socket, const ConnectTimes& times) = 0;
  virtual void OnConnectFailed(uint32_t url, std::unique_ptr<Exchange> exchange,
                               const ConnectError& error) = 0;
};

class Connector : public MultiListener, public AttemptListener, public Timer {
 public:
  static constexpr size_t kMaxConnecting = 128;
  // On every send and receive, libcurl searches all connections of the multi for a TLS connection,
  // so there are many small multis.
  static constexpr uint32_t kHandlesPerMulti = 64;

  // All arguments but targets are not owned and must outlive the connector. TLS sockets must be
  // destroyed before it.
  static absl::StatusOr<std::unique_ptr<Connector>> Create(std::vector<Target> targets,
                                                           const v1::Connections& options,
                                                           const Clock& clock, Poller* poller,
                                                           TimerHeap* timers,
                                                           ConnectListener* listener);
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  ~Connector() override;

  // Opens a connection to targets[url] and passes it to the listener with exchange, which may be
  // null.
  void Start(uint32_t url, std::unique_ptr<Exchange> exchange);
  // Aborts every connect and returns the requests that waited for them.
  std::vector<std::unique_ptr<Exchange>> CancelAll();
  // Frees attempts that ended since the last call. Must not be called from inside a callback.
  void Reap();
  // Connects to the url are failing or have recently failed.
  bool is_paced(uint32_t url) const { return !gates_[url].MayTry(clock_.MonotonicNs()); }
  const Target& target(uint32_t url) const { return targets_[url]; }
  uint32_t url_count() const { return targets_.size(); }

  void OnTransferDone(CURL* easy, CURLcode result) override;
  void OnAttemptTimeout(ConnectAttempt* attempt) override;
  void OnTimer(int64_t now_ns) override;

 private:
  struct Shard {
    std::unique_ptr<MultiDriver> driver;
    uint32_t handles = 0;
  };
  struct Running {
    std::unique_ptr<ConnectAttempt> attempt;
    Shard* shard = nullptr;
  };

  Connector(std::vector<Target> targets, const v1::Connections& options, const Clock& clock,
            Poller* poller, TimerHeap* timers, ConnectListener* listener);
  // Begins as many waiting connects as the limit allows.
  void Advance();
  bool BeginNext(uint32_t url);
  void Begin(std::unique_ptr<ConnectAttempt> attempt);
  bool AddToMulti(ConnectAttempt* attempt, Shard* shard);
  Shard* ShardWithRoom();
  Running TakeRunning(CURL* easy);
  void Release(CURL* easy, Shard* shard);
  std::unique_ptr<Socket> MakeSocket(ConnectAttempt* attempt, Shard* shard);
  ConnectTimes TimesOf(const ConnectAttempt& attempt) const;
  void Fail(std::unique_ptr<ConnectAttempt> attempt, const ConnectError& error);
  void Tell(std::unique_ptr<ConnectAttempt> attempt, const ConnectError& error);
  std::deque<std::unique_ptr<ConnectAttempt>> TakeHopeless(uint32_t url);
  std::unique_ptr<ConnectAttempt> TakeWaiting(const ConnectAttempt* attempt);

  const std::vector<Target> targets_;
  const v1::Connections& options_;
  const Clock& clock_;
  Poller* const poller_;
  TimerHeap* const timers_;
  ConnectListener* const listener_;
  CURLSH* const share_;  // name look-ups
  const int probe_fd_;   // any descriptor, to test whether another can be opened
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<ConnectGate> gates_;                                    // by url
  std::vector<std::deque<std::unique_ptr<ConnectAttempt>>> waiting_;  // by url
  absl::flat_hash_map<CURL*, Running> running_;
  std::vector<std::unique_ptr<ConnectAttempt>>
      failed_to_start_;  // libcurl could not begin; reported by OnTimer
  std::vector<std::unique_ptr<ConnectAttempt>> ended_;
};

}  // namespace drumfire
