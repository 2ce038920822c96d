// Decides which worker receives its chunks next: as many workers at once as fit a limit on bytes in
// flight, so that a thousand workers that need a vocabulary do not cost a thousand copies in
// memory. A state machine without transport.
//
//     transfers.Add(worker, size_bytes);
//     while (auto next = transfers.Next()) SendChunks(*next);
//     transfers.OnTaken(worker);  // then ask Next() again
//
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

namespace drumfire {

// Limit on all chunks sent but not yet received; a single worker's chunks always fit.
constexpr size_t kMostChunkBytesUnderWay = size_t{64} << 20;
// Number of the probe sent after a worker's chunks; clock probes never use it.
constexpr uint32_t kChunksTakenProbe = UINT32_MAX;

class ChunkTransfers {
 public:
  // The worker waits for chunks with this total size.
  void Add(uint32_t worker, size_t size_bytes) { waiting_.push_back({worker, size_bytes}); }
  // The worker whose chunks are to be sent now; nothing if none waits or too much is in flight.
  std::optional<uint32_t> Next();
  // The worker has received its chunks. No effect if none are in flight to it.
  void OnTaken(uint32_t worker);
  // The worker's stream has ended: forgets the worker.
  void Forget(uint32_t worker);

 private:
  struct Transfer {
    uint32_t worker;
    size_t size_bytes;
  };

  std::deque<Transfer> waiting_;
  std::map<uint32_t, size_t> under_way_;  // bytes by worker
  size_t bytes_under_way_ = 0;
};

}  // namespace drumfire
