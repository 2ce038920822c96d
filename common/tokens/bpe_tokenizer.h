// The tokenizer behind both file formats: added tokens -> normal form -> words -> byte pairs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/tokens/added_tokens.h"
#include "common/tokens/byte_pair_encoder.h"
#include "common/tokens/pre_tokenizer.h"
#include "common/tokens/text_normalizer.h"
#include "common/tokens/tokenizer.h"
#include "common/tokens/vocabulary.h"
#include "common/tokens/word_cache.h"

namespace drumfire {

// Everything a file specifies about a byte-level BPE tokenizer.
struct BpeModel {
  std::unique_ptr<Vocabulary> vocabulary;
  std::unique_ptr<MergeTable> merges;
  BytePairEncoder::Options encoder;
  PreTokenizer pre_tokenizer;
  TextNormalizer normalizer;
  AddedTokens raw_added;         // found before normalization
  AddedTokens normalized_added;  // found after it
};

class BpeTokenizer final : public Tokenizer {
 public:
  explicit BpeTokenizer(BpeModel model);

  void Encode(absl::string_view text, std::vector<uint32_t>* ids) const override;
  size_t Count(absl::string_view text) const override;
  absl::string_view Decode(uint32_t id) const override;
  uint32_t vocabulary_size() const override;

 private:
  // Destination of ids: counted, and kept on request.
  struct Output {
    std::vector<uint32_t>* ids = nullptr;
    size_t count = 0;
    void Append(const uint32_t* first, size_t number);
  };

  void Run(absl::string_view text, Output* output) const;
  void RunSegment(absl::string_view segment, Output* output) const;
  void RunWord(absl::string_view word, Output* output) const;

  const std::unique_ptr<Vocabulary> vocabulary_;
  const PreTokenizer pre_tokenizer_;
  const TextNormalizer normalizer_;
  const AddedTokens raw_added_;
  const AddedTokens normalized_added_;
  const BytePairEncoder encoder_;
  mutable WordCache cache_;
};

}  // namespace drumfire
