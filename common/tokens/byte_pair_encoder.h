// Byte pair encoding of one word: its bytes, merged pair by pair, lowest rank first, leftmost first
// among equals. Time is O(n log n) in the word's length, so a megabyte of one letter is harmless.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/tokens/vocabulary.h"

namespace drumfire {

struct Merge {
  uint32_t rank = UINT32_MAX;  // lower merges first
  uint32_t id = Vocabulary::kNoToken;
};

// The merges of neighbouring tokens. Read by any thread.
class MergeTable {
 public:
  virtual ~MergeTable() = default;
  // joined: the bytes of both. No id = they do not merge.
  virtual Merge Find(uint32_t left, uint32_t right, absl::string_view joined) const = 0;
};

// tiktoken: two neighbours merge when their bytes are a token; its id is the rank.
class VocabularyMerges final : public MergeTable {
 public:
  // Not owned; must outlive the table.
  explicit VocabularyMerges(const Vocabulary* vocabulary) : vocabulary_(*vocabulary) {}
  Merge Find(uint32_t left, uint32_t right, absl::string_view joined) const override;

 private:
  const Vocabulary& vocabulary_;
};

// Hugging Face: the merges are listed as pairs of ids, their place in the list is the rank.
class PairMerges final : public MergeTable {
 public:
  explicit PairMerges(size_t expected_pairs) { merges_.reserve(expected_pairs); }
  void Add(uint32_t left, uint32_t right, Merge merge);
  Merge Find(uint32_t left, uint32_t right, absl::string_view joined) const override;

 private:
  absl::flat_hash_map<uint64_t, Merge> merges_;
};

class BytePairEncoder {
 public:
  struct Options {
    // A word that is a token is used unchanged, whatever the merges say.
    bool whole_words = false;
    // Replaces bytes without a token; if it is not set, they are dropped.
    uint32_t unknown_id = Vocabulary::kNoToken;
    // Adjacent unknown bytes become one token.
    bool fuse_unknown = false;
  };

  // vocabulary: not owned, must outlive the encoder.
  BytePairEncoder(const Vocabulary* vocabulary, std::unique_ptr<MergeTable> merges,
                  Options options);

  // Appends the ids of the word (below 4 GiB). Any thread.
  void Append(absl::string_view word, std::vector<uint32_t>* ids) const;

 private:
  const Vocabulary& vocabulary_;
  std::unique_ptr<MergeTable> merges_;
  Options options_;
  std::array<uint32_t, 256> byte_ids_;
};

}  // namespace drumfire
