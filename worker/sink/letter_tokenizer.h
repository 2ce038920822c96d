// For tests: one token a letter.
#pragma once

#include <vector>

#include "common/tokens/tokenizer.h"

namespace drumfire {

class LetterTokenizer : public Tokenizer {
 public:
  void Encode(absl::string_view text, std::vector<uint32_t>* ids) const override {
    ids->assign(text.begin(), text.end());
  }
  size_t Count(absl::string_view text) const override { return text.size(); }
  absl::string_view Decode(uint32_t) const override { return {}; }
  uint32_t vocabulary_size() const override { return 256; }
};

}  // namespace drumfire
