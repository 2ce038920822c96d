// Whose turn it is to get its chunks: as many workers at once as fit a bound on the bytes under
// way, so that a thousand workers that all need a vocabulary cost no thousand copies of it in
// memory. A state machine without transport.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

namespace drumfire {

// Of all chunks that were sent and not yet taken; one worker's always fit.
constexpr size_t kMostChunkBytesUnderWay = size_t{64} << 20;
// Number of the probe behind a worker's chunks; no probe of its clock has it.
constexpr uint32_t kChunksTakenProbe = UINT32_MAX;

class ChunkTransfers {
 public:
  // The worker waits for chunks of so many bytes in all.
  void Add(uint32_t worker, size_t size_bytes) { waiting_.push_back({worker, size_bytes}); }
  // The worker whose chunks are to be sent now; nothing when none waits or too much is under way.
  std::optional<uint32_t> Next();
  // The worker has its chunks. No effect when none are under way to it.
  void OnTaken(uint32_t worker);
  // Its stream is gone: it neither waits nor has any under way.
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
