// Prompts of single-token words: n words are n tokens.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "common/dataset/prompt_writer.h"
#include "common/dataset/single_token_words.h"

namespace drumfire {

class WordPromptWriter final : public PromptWriter {
 public:
  // words: as FindSingleTokenWords gives them, not empty.
  explicit WordPromptWriter(const std::vector<std::string>& words);

  void Append(absl::Span<const PromptPart> parts, std::string* out) const override;
  bool parts_are_independent() const override { return true; }

 private:
  // Padded to one width, so that a word is copied by one move of constant size.
  struct Word {
    std::array<char, kMaxSingleTokenWordBytes> text;
    uint8_t size_bytes;
  };

  void AppendPart(PromptPart part, std::string* out) const;

  std::vector<Word> words_;
};

}  // namespace drumfire
