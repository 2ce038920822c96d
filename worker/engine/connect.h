// Opens connections through libcurl: name look-up, all addresses, proxies and TLS are its business.
// Many can be asked for at once; kMaxConnecting are under way at a time, the others wait in line,
// and those to an address whose connects fail wait for its ConnectGate.
//
// One thread, the engine's. Results come from inside the poller's and the timers' calls, never from
// inside Start.
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
  // exchange: what Start was given. Both may call Start again.
  virtual void OnConnected(uint32_t url, std::unique_ptr<Exchange> exchange,
                           std::unique_ptr<Socket> socket, const ConnectTimes& times) = 0;
  virtual void OnConnectFailed(uint32_t url, std::unique_ptr<Exchange> exchange,
                               const ConnectError& error) = 0;
};

class Connector : public MultiListener, public AttemptListener, public Timer {
 public:
  static constexpr size_t kMaxConnecting = 128;
  // libcurl looks for a TLS connection among all of its multi on every send and receive, hence many
  // small multis.
  static constexpr uint32_t kHandlesPerMulti = 64;

  // All but targets not owned and outliving it. TLS sockets must be destroyed before the connector.
  static absl::StatusOr<std::unique_ptr<Connector>> Create(std::vector<Target> targets,
                                                           const v1::Connections& options,
                                                           const Clock& clock, Poller* poller,
                                                           TimerHeap* timers,
                                                           ConnectListener* listener);
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  ~Connector() override;

  // Opens a connection to targets[url] and hands it over with exchange, which may be null.
  void Start(uint32_t url, std::unique_ptr<Exchange> exchange);
  // Breaks off every connect and gives back the requests that waited for them.
  std::vector<std::unique_ptr<Exchange>> CancelAll();
  // Frees what ended since the last call. Not from inside a callback.
  void Reap();
  // Connects to the url fail, or did so lately.
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
  // Begins as many of the waiting as may be under way.
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
  const int probe_fd_;   // any descriptor, to see whether one more can be had
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<ConnectGate> gates_;                                    // by url
  std::vector<std::deque<std::unique_ptr<ConnectAttempt>>> waiting_;  // by url
  absl::flat_hash_map<CURL*, Running> running_;
  std::vector<std::unique_ptr<ConnectAttempt>>
      failed_to_start_;  // libcurl could not begin; reported by OnTimer
  std::vector<std::unique_ptr<ConnectAttempt>> ended_;
};

}  // namespace drumfire
