// The native engine: libcurl opens connections, then each socket is read and written here, stamped
// by the kernel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/dialect/response_reader.h"
#include "worker/engine/closed_by_peer.h"
#include "worker/engine/connect.h"
#include "worker/engine/connection.h"
#include "worker/engine/connection_pool.h"
#include "worker/engine/engine.h"
#include "worker/engine/kernel_stamps.h"
#include "worker/engine/poll_interval.h"
#include "worker/engine/poller.h"
#include "worker/engine/read_delays.h"
#include "worker/engine/timer_heap.h"

namespace drumfire {

class NativeEngine : public Engine, public ConnectListener, public ConnectionListener {
 public:
  // As MakeEngine.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(const v1::Plan& plan, const Clock& clock,
                                                        EngineOwner* owner);
  NativeEngine(const NativeEngine&) = delete;
  NativeEngine& operator=(const NativeEngine&) = delete;
  ~NativeEngine() override;

  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t deadline_ns) override;
  void OpenAhead(uint32_t url, uint32_t idle) override;
  void Send(std::unique_ptr<Exchange> exchange) override;
  void Poll(int64_t deadline_ns, bool deadline_is_due) override;
  void CancelAll() override;
  void Wake() override { poller_->Wake(); }
  uint32_t in_flight() const override { return in_flight_; }
  EngineCounters counters() const override { return counters_; }
  int64_t woke_ns() const override { return woke_ns_; }
  const char* name() const override { return "native"; }
  std::vector<int64_t> TakeReadDelays() override { return read_delays_.Take(); }

  void OnConnected(uint32_t url, std::unique_ptr<Exchange> exchange, std::unique_ptr<Socket> socket,
                   const ConnectTimes& times) override;
  void OnConnectFailed(uint32_t url, std::unique_ptr<Exchange> exchange,
                       const ConnectError& error) override;
  void OnExchangeOver(Connection* connection, std::unique_ptr<Exchange> exchange) override;
  void OnLostUnanswered(Connection* connection, std::unique_ptr<Exchange> exchange) override;
  void OnIdleClosed(Connection* connection) override;
  void OnReadMoreLater(Connection* connection) override;

 private:
  NativeEngine(const v1::Plan& plan, const Clock& clock, EngineOwner* owner,
               std::unique_ptr<Poller> poller, size_t urls);
  ConnectionContext MakeContext(const v1::Plan& plan);
  void Preopen(uint32_t url, uint32_t wanted);
  bool is_preopening() const;
  void PreparePollingThread();
  void Reap();
  // Waits until sockets are ready, a timer is due, Wake or the deadline.
  void AwaitWork(int64_t deadline_ns, bool deadline_is_due);
  void LookAtSockets(int64_t deadline_ns);
  void SpinUntil(int64_t due_ns);
  // Handles ready sockets, but stops when due_ns has come.
  void HandleReady(int64_t due_ns);
  void HandleReadMore(int64_t due_ns);
  bool is_lazy() const;
  void Finish(std::unique_ptr<Exchange> exchange);
  void FinishCancelled(std::unique_ptr<Exchange> exchange);
  void Drop(Connection* connection);
  void NoteClosedByPeer(uint32_t url);

  const Clock& clock_;
  EngineOwner* const owner_;
  const v1::EngineOptions& options_;
  const std::unique_ptr<Poller> poller_;
  const std::unique_ptr<ResponseReader> reader_;
  std::vector<char> buffer_;
  TimerHeap timers_;
  KernelStamps stamps_;
  ReadDelays read_delays_;
  PollInterval poll_interval_;
  EngineCounters counters_;
  uint64_t reads_ = 0;
  int64_t woke_ns_ = 0;
  int64_t could_read_ns_ =
      0;  // latest time at which the last wait should have ended, or its actual end
  uint32_t in_flight_ = 0;
  bool thread_prepared_ = false;
  const int stamp_keeper_fd_;         // keeps kernel stamping enabled between connections
  std::vector<uint32_t> preopening_;  // by url
  ConnectError preopen_error_;
  const ConnectionContext context_;
  std::unique_ptr<Connector> connector_;
  ConnectionPool pool_;  // destroyed before the connector, since TLS sockets return to it
  std::vector<Connection*> read_more_;
  std::vector<ClosedByPeer> closed_by_peer_;  // by url
  const bool is_reusing_;
};

}  // namespace drumfire
