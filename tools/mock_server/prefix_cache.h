// A server's prefix cache, as visible in usage: the length of the prefix shared with earlier
// prompts.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace drumfire::mock {

// One thread.
class PrefixCache {
 public:
  static constexpr int64_t kBlockTokens = 16;
  // The cache is cleared at this number of blocks.
  static constexpr size_t kMaxBlocks = size_t{1} << 20;

  // Returns the known tokens (words) of the prompt's complete blocks, and adds the prompt. Never
  // all of its tokens: the last one is computed for the first output.
  int64_t TakeIn(absl::string_view prompt);

  size_t blocks() const { return blocks_.size(); }

 private:
  absl::flat_hash_set<uint64_t> blocks_;  // hash of a prompt up to the end of a block
};

}  // namespace drumfire::mock
