#include "coordinator/fleet/chunk_transfers.h"

namespace drumfire {

std::optional<uint32_t> ChunkTransfers::Next() {
  if (waiting_.empty()) return std::nullopt;
  const Transfer next = waiting_.front();
  if (!under_way_.empty() && bytes_under_way_ + next.size_bytes > kMostChunkBytesUnderWay) {
    return std::nullopt;
  }
  waiting_.pop_front();
  OnTaken(next.worker);  // an earlier stream's, which is gone
  under_way_[next.worker] = next.size_bytes;
  bytes_under_way_ += next.size_bytes;
  return next.worker;
}

void ChunkTransfers::OnTaken(uint32_t worker) {
  const auto found = under_way_.find(worker);
  if (found == under_way_.end()) return;
  bytes_under_way_ -= found->second;
  under_way_.erase(found);
}

void ChunkTransfers::Forget(uint32_t worker) {
  std::erase_if(waiting_, [worker](const Transfer& transfer) { return transfer.worker == worker; });
  OnTaken(worker);
}

}  // namespace drumfire
