// All transfers to one url: free ones, those with a connection for the next request, and those
// reserved for a session. libcurl picks a connection from the transfer's multi, so a transfer
// always returns to the multi that holds its connection. Shards have about kTransfersPerShard
// transfers, since the cost of a multi grows with its pool. With sticky sessions there is one
// transfer per shard, so that it has its own connection.
//
// One thread, the engine's.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "worker/engine/curl_transfer.h"
#include "worker/engine/idle_connections.h"
#include "worker/engine/idle_list.h"
#include "worker/engine/multi_driver.h"
#include "worker/engine/poller.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class TransferPool {
 public:
  static constexpr size_t kTransfersPerShard = 64;

  // context, poller and listener are not owned and must outlive it. url: index into the context's
  // targets.
  TransferPool(const CurlContext* context, uint32_t url, Poller* poller, MultiListener* listener);

  // A free transfer for the exchange, preferably with a connection; null if libcurl or the kernel
  // has no room for more.
  CurlTransfer* Take(const Exchange& exchange);
  // A free transfer without a connection, to open one with; null as above.
  CurlTransfer* TakeUnconnected();
  // Returns a transfer to the free ones.
  void Return(CurlTransfer* transfer);
  // The transfer has finished the exchange: it becomes free, or is reserved for the session's next
  // turn.
  void ReturnAfter(CurlTransfer* transfer, const Exchange& exchange);

  // Number of free transfers with a connection that any request may use and that stays fresh for at
  // least half of max_idle_ns; the others count as unconnected from now on.
  uint32_t CountFresh();
  // The same without checking each one: some may have ended meanwhile.
  uint32_t CountConnected() const { return static_cast<uint32_t>(connected_.size()); }
  // Sets IdleConnections' option for all shards.
  void set_resets_on_close(bool discards);
  // Transfers that carry a request or open a connection.
  std::vector<CurlTransfer*> Busy() const;

 private:
  struct Shard {
    IdleConnections idle;
    std::unique_ptr<MultiDriver> driver;  // destroyed first: closing notifies idle
  };

  bool is_sticky() const { return options_.reuse() == v1::REUSE_STICKY_USER_SESSIONS; }
  size_t shard_size() const { return is_sticky() ? 1 : kTransfersPerShard; }
  CurlTransfer* TakeParked(uint64_t session);
  void Park(CurlTransfer* transfer, uint64_t session);
  void Unpark(CurlTransfer* transfer);
  void ReleaseExpired();
  CurlTransfer* Add();
  bool AddShard();

  const CurlContext* const context_;
  const v1::Connections& options_;
  const uint32_t url_;
  Poller* const poller_;
  MultiListener* const listener_;
  ClosedByPeer closed_by_peer_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<CurlTransfer>> all_;  // destroyed before their shards
  // Free transfers; the last one has the freshest connection.
  std::vector<CurlTransfer*> connected_;
  std::vector<CurlTransfer*> unconnected_;
  IdleList parked_;
  absl::flat_hash_map<uint64_t, CurlTransfer*> sessions_;  // the parked ones
};

}  // namespace drumfire
