// Chunks of data sets and tokenizers that this process holds, by SHA-256, so that a second run need
// not send them again.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/plan/blob.h"
#include "common/sync/mutex.h"

namespace drumfire {

// Past this bound everything not needed by the present run is forgotten.
constexpr size_t kMaxHeldChunkBytes = size_t{2} << 30;

// Names of all chunks that the plan's blobs consist of.
std::vector<std::string> WantedChunks(const v1::Plan& plan);

// Any thread.
class ChunkStore {
 public:
  // Names in `wanted` that are not here.
  std::vector<std::string> Missing(const std::vector<std::string>& wanted) const;
  // Refuses bytes that do not have that hash.
  absl::Status Add(const std::string& sha256, std::string data);
  absl::StatusOr<std::string> Assemble(const v1::Blob& blob) const;
  // Makes room before a run that needs `wanted`.
  void Trim(const std::vector<std::string>& wanted);

 private:
  mutable Mutex mutex_;
  ChunkMap chunks_ ABSL_GUARDED_BY(mutex_);
  size_t held_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace drumfire
