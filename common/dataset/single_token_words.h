// Words that are one token each and stay so in any order: a space and lower-case letters. A text of
// n such words has n tokens, so prompts of exact length cost no more than a copy.
//
// Why it holds: the pre-tokenizers of byte-level vocabularies never join letters across a space,
// and nothing merges across pre-tokens. As a file may say otherwise, it is checked for each
// tokenizer.
#pragma once

#include <string>
#include <vector>

#include "common/tokens/tokenizer.h"

namespace drumfire {

inline constexpr size_t kMaxSingleTokenWords = 4096;
inline constexpr size_t kMinSingleTokenWords = 16;
// With the space.
inline constexpr size_t kMaxSingleTokenWordBytes = 16;

// The first ones in the order of ids, between the two bounds in number; empty when there are too
// few or when the check of longer texts fails.
std::vector<std::string> FindSingleTokenWords(const Tokenizer& tokenizer);

}  // namespace drumfire
