// A server's prefix cache, as far as usage shows it: which part of a prompt an earlier one began
// with.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace drumfire::mock {

// One thread.
class PrefixCache {
 public:
  static constexpr int64_t kBlockTokens = 16;
  // It forgets everything when it holds so many blocks.
  static constexpr size_t kMaxBlocks = size_t{1} << 20;

  // Tokens (words) of the prompt's whole blocks that are known, and remembers the prompt. Never all
  // of its tokens: the last one is computed for the first output.
  int64_t TakeIn(absl::string_view prompt);

  size_t blocks() const { return blocks_.size(); }

 private:
  absl::flat_hash_set<uint64_t> blocks_;  // hash of all that a prompt holds up to a block's end
};

}  // namespace drumfire::mock
