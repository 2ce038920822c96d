#include "tools/mock_server/prefix_cache.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/str_split.h"

namespace drumfire::mock {

int64_t PrefixCache::TakeIn(absl::string_view prompt) {
  uint64_t hash = 0;
  int64_t tokens = 0;
  int64_t known_tokens = 0;
  for (const absl::string_view word :
       absl::StrSplit(prompt, absl::ByAnyChar(" \n\t\r"), absl::SkipEmpty())) {
    hash = absl::HashOf(hash, word);
    if (++tokens % kBlockTokens != 0) continue;
    if (blocks_.size() >= kMaxBlocks) blocks_.clear();
    const bool is_new = blocks_.insert(hash).second;
    if (!is_new && known_tokens == tokens - kBlockTokens) known_tokens = tokens;
  }
  return std::max<int64_t>(0, std::min(known_tokens, (tokens - 1) / kBlockTokens * kBlockTokens));
}

}  // namespace drumfire::mock
