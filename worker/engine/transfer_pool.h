// All transfers to one url: which are free, which has a connection left over for the next request,
// and which is kept for a session. libcurl picks the connection among those of the transfer's
// multi, so a transfer goes back into the multi in which its connection lies: shards of about
// kTransfersPerShard, since the cost of a multi grows with its pool; with sticky sessions one
// transfer a shard, so that its connection is its own.
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

  // Not owned and outliving it: context, poller, listener. url: index into the context's targets.
  TransferPool(const CurlContext* context, uint32_t url, Poller* poller, MultiListener* listener);

  // A free transfer for the exchange, one with a connection if there is one; null when libcurl or
  // the kernel has no room for more.
  CurlTransfer* Take(const Exchange& exchange);
  // A free transfer without a connection, to open one on; null as above.
  CurlTransfer* TakeUnconnected();
  // The transfer is free again, for anyone.
  void Return(CurlTransfer* transfer);
  // The transfer has finished the exchange: free again, or kept for the session's next turn.
  void ReturnAfter(CurlTransfer* transfer, const Exchange& exchange);

  // Free transfers with a connection that any request may use, and that stays fresh for half of
  // max_idle_ns at least; the others count as unconnected from now on.
  uint32_t CountFresh();
  // The same without a look at each: some may have ended meanwhile.
  uint32_t CountConnected() const { return static_cast<uint32_t>(connected_.size()); }
  // As IdleConnections', for all.
  void set_resets_on_close(bool discards);
  // Those that carry a request or open a connection.
  std::vector<CurlTransfer*> Busy() const;

 private:
  struct Shard {
    IdleConnections idle;
    std::unique_ptr<MultiDriver> driver;  // dies first: closing notifies idle
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
  std::vector<std::unique_ptr<CurlTransfer>> all_;  // die before their shards
  // Free ones; the last has the freshest connection.
  std::vector<CurlTransfer*> connected_;
  std::vector<CurlTransfer*> unconnected_;
  IdleList parked_;
  absl::flat_hash_map<uint64_t, CurlTransfer*> sessions_;  // the parked ones
};

}  // namespace drumfire
