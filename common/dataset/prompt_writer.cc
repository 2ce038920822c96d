#include "common/dataset/prompt_writer.h"

#include "common/dataset/search_prompt_writer.h"
#include "common/dataset/single_token_words.h"
#include "common/dataset/word_prompt_writer.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<PromptWriter>> MakePromptWriter(
    const Tokenizer* tokenizer, const std::atomic<bool>* is_stopping) {
  const std::vector<std::string> words = FindSingleTokenWords(*tokenizer);
  if (words.empty()) return SearchPromptWriter::Create(tokenizer, is_stopping);
  return std::make_unique<WordPromptWriter>(words);
}

}  // namespace drumfire
