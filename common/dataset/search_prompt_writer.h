// Prompts for vocabularies without single-token words: random pieces, encoded again, then
// pieces dropped or added at the end until the length is right. Slower than WordPromptWriter by
// far, and as exact.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "common/dataset/prompt_writer.h"

namespace drumfire {

class SearchPromptWriter final : public PromptWriter {
 public:
  // Neither is owned; both must outlive the writer. Fails when some short length cannot be reached.
  static absl::StatusOr<std::unique_ptr<SearchPromptWriter>> Create(
      const Tokenizer* tokenizer, const std::atomic<bool>* is_stopping = nullptr);

  void Append(absl::Span<const PromptPart> parts, std::string* out) const override;
  bool parts_are_independent() const override { return false; }

 private:
  SearchPromptWriter(const Tokenizer* tokenizer, const std::atomic<bool>* is_stopping,
                     std::vector<std::string> pieces)
      : tokenizer_(*tokenizer), is_stopping_(is_stopping), pieces_(std::move(pieces)) {}

  bool is_stopping() const { return is_stopping_ != nullptr && *is_stopping_; }

  // The text of the parts; false when the search gave up and the length is not right.
  bool Search(absl::Span<const PromptPart> parts, std::string* text) const;
  std::string Join(const std::vector<uint32_t>& chosen) const;

  const Tokenizer& tokenizer_;
  const std::atomic<bool>* const is_stopping_;
  std::vector<std::string> pieces_;
};

}  // namespace drumfire
