#include "common/tokens/word_cache.h"

#include <string>
#include <vector>

#include "absl/hash/hash.h"

namespace drumfire {

struct WordCache::Entry {
  size_t hash;
  std::string word;
  std::vector<uint32_t> ids;
};

WordCache::WordCache() : slots_(new std::atomic<const Entry*>[kSlots]()) {}

WordCache::~WordCache() {
  for (size_t i = 0; i < kSlots; ++i) delete slots_[i].load(std::memory_order_relaxed);
}

bool WordCache::Find(absl::string_view word, absl::Span<const uint32_t>* ids) const {
  if (word.size() > kMaxWordBytes) return false;
  const size_t hash = absl::HashOf(word);
  for (size_t probe = 0; probe < kProbes; ++probe) {
    const Entry* entry = slots_[(hash + probe) % kSlots].load(std::memory_order_acquire);
    if (entry == nullptr) return false;
    if (entry->hash != hash || entry->word != word) continue;
    *ids = entry->ids;
    return true;
  }
  return false;
}

void WordCache::Insert(absl::string_view word, absl::Span<const uint32_t> ids) {
  if (word.size() > kMaxWordBytes) return;
  const size_t hash = absl::HashOf(word);
  std::unique_ptr<const Entry> entry;
  for (size_t probe = 0; probe < kProbes; ++probe) {
    std::atomic<const Entry*>& slot = slots_[(hash + probe) % kSlots];
    const Entry* expected = slot.load(std::memory_order_acquire);
    if (expected != nullptr) continue;
    if (entry == nullptr) {
      entry.reset(new Entry{hash, std::string(word), {ids.begin(), ids.end()}});
    }
    if (slot.compare_exchange_strong(expected, entry.get(), std::memory_order_acq_rel)) {
      static_cast<void>(entry.release());  // The slot owns it now.
      return;
    }
  }
}

}  // namespace drumfire
