// Text of an exact number of tokens, as a pure function of random draws.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/random/random.h"
#include "common/tokens/tokenizer.h"

namespace drumfire {

// A stretch of a prompt with its own draws.
struct PromptPart {
  Random random;
  uint32_t tokens = 0;
};

// Immutable; any thread.
class PromptWriter {
 public:
  virtual ~PromptWriter() = default;

  // Appends a text that encodes to as many tokens as the parts have together, at least one. The
  // same parts give the same bytes on every host.
  virtual void Append(absl::Span<const PromptPart> parts, std::string* out) const = 0;
  // True when a part's text is a function of the part alone, and a shorter part with the same draws
  // gives a prefix of it. False: the end of a text is adjusted until the whole has the right
  // length.
  virtual bool parts_are_independent() const = 0;
};

// Makes prompts of single-token words (see single_token_words.h) where the vocabulary has enough
// of them, otherwise by search. tokenizer: not owned, must outlive the writer. Fails for a
// tokenizer that no exact lengths can be found for. is_stopping: not owned; once it is true, a
// search ends soon and its text is of no use. Null = never.
absl::StatusOr<std::unique_ptr<PromptWriter>> MakePromptWriter(
    const Tokenizer* tokenizer, const std::atomic<bool>* is_stopping = nullptr);

}  // namespace drumfire
