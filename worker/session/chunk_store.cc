#include "worker/session/chunk_store.h"

#include <set>
#include <utility>

namespace drumfire {

std::vector<std::string> WantedChunks(const v1::Plan& plan) {
  std::vector<std::string> wanted;
  for (const v1::Blob* blob : {&plan.tokenizer().file(), &plan.dataset().rows()}) {
    wanted.insert(wanted.end(), blob->chunk_sha256().begin(), blob->chunk_sha256().end());
  }
  return wanted;
}

std::vector<std::string> ChunkStore::Missing(const std::vector<std::string>& wanted) const {
  const MutexLock lock(&mutex_);
  std::set<std::string> missing;
  for (const std::string& name : wanted) {
    if (!chunks_.contains(name)) missing.insert(name);
  }
  return {missing.begin(), missing.end()};
}

absl::Status ChunkStore::Add(const std::string& sha256, std::string data) {
  if (absl::Status checked = CheckChunk(sha256, data); !checked.ok()) return checked;
  const MutexLock lock(&mutex_);
  const size_t size_bytes = data.size();
  if (chunks_.emplace(sha256, std::move(data)).second) held_bytes_ += size_bytes;
  return absl::OkStatus();
}

absl::StatusOr<std::string> ChunkStore::Assemble(const v1::Blob& blob) const {
  const MutexLock lock(&mutex_);
  return AssembleBlob(blob, chunks_);
}

void ChunkStore::Trim(const std::vector<std::string>& wanted) {
  const MutexLock lock(&mutex_);
  if (held_bytes_ <= kMaxHeldChunkBytes) return;
  const std::set<std::string> keep(wanted.begin(), wanted.end());
  for (auto chunk = chunks_.begin(); chunk != chunks_.end();) {
    if (keep.contains(chunk->first)) {
      ++chunk;
      continue;
    }
    held_bytes_ -= chunk->second.size();
    chunk = chunks_.erase(chunk);
  }
}

}  // namespace drumfire
