// All connections of an engine, and which of them are idle under the plan's reuse policy. A
// connection idle for longer than max_idle_ns is never reused and soon closed.
//
//   pooled                  any request to the same url takes the newest idle one
//   never                   closed after its first request (one opened ahead may serve one)
//   sticky-user-sessions    kept for the next turn of its session, closed after the last one
//
// One thread, the engine's.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/engine/connection.h"
#include "worker/engine/idle_list.h"
#include "worker/engine/timer_heap.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class ConnectionPool : public Timer {
 public:
  // options, clock, timers: not owned.
  ConnectionPool(size_t urls, const v1::Connections& options, const Clock& clock,
                 TimerHeap* timers);

  Connection* Add(std::unique_ptr<Connection> connection);
  // Takes an idle connection for the exchange out of the idle ones; null if there is none.
  Connection* Take(const Exchange& exchange);
  // Returns a connection that was opened ahead of any request.
  void ReturnUnused(Connection* connection);
  // An open connection has finished the exchange; the policy decides whether it stays open.
  void ReturnAfter(Connection* connection, const Exchange& exchange);
  // Removes a closed connection. Reap destroys it later, since it may still be on the stack.
  void Retire(Connection* connection);
  void Reap() { retired_.clear(); }

  // Number of idle connections that any request to the url may use and that stay fresh for at least
  // half of max_idle_ns; closes the others.
  uint32_t CountFresh(uint32_t url);
  // Number of idle connections that any request to the url may use; some may expire soon.
  uint32_t CountUsable(uint32_t url) const { return idle_[url].size(); }
  std::vector<Connection*> Busy() const;
  // Number of open connections whose reads have no kernel stamp.
  uint32_t unstamped() const { return unstamped_; }

  void OnTimer(int64_t now_ns) override;

 private:
  using SessionKey = std::pair<uint64_t, uint32_t>;  // Exchange::session_key, url

  Connection* TakeParked(const Exchange& exchange);
  void Park(Connection* connection, uint64_t session);
  void PushIdle(IdleList* list, Connection* connection);
  void CloseIdle(Connection* connection);
  void CloseIdleBefore(IdleList* list, int64_t since_ns);
  bool IsExpired(const Connection& connection) const;

  const v1::Connections& options_;
  const int64_t max_idle_ns_;
  const Clock& clock_;
  TimerHeap* const timers_;
  std::vector<IdleList> idle_;  // by url
  IdleList parked_;
  absl::flat_hash_map<SessionKey, Connection*> sessions_;  // the parked ones
  uint32_t unstamped_ = 0;
  std::vector<std::unique_ptr<Connection>> all_;
  std::vector<std::unique_ptr<Connection>> retired_;
};

}  // namespace drumfire
