// Ids of words met before. Lock-free: a slot goes from empty to filled once and stays, so readers
// need no lock and nothing is freed while anyone reads. Bounded: when a word's slots are taken, the
// word is simply not kept.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

class WordCache {
 public:
  // Longer words are rare and cheap to leave out.
  static constexpr size_t kMaxWordBytes = 64;

  WordCache();
  ~WordCache();
  WordCache(const WordCache&) = delete;
  WordCache& operator=(const WordCache&) = delete;

  // True when the word is known; *ids then lives as long as the cache. Any thread.
  bool Find(absl::string_view word, absl::Span<const uint32_t>* ids) const;
  // Keeps the word if there is room. Any thread.
  void Insert(absl::string_view word, absl::Span<const uint32_t> ids);

 private:
  struct Entry;
  static constexpr size_t kSlots = 1 << 16;
  static constexpr size_t kProbes = 8;

  std::unique_ptr<std::atomic<const Entry*>[]> slots_;
};

}  // namespace drumfire
