// Splits text into words, the units that byte pair encoding never merges across: a chain of splits,
// each applied to the parts left by the previous one.
#pragma once

#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/tokens/split_regex.h"

namespace drumfire {

// How a split treats its matches (names and meaning as in tokenizer.json).
enum class SplitBehavior { kIsolated, kRemoved, kMergedWithPrevious, kMergedWithNext, kContiguous };

// The pattern of GPT-2, which ByteLevel with use_regex applies.
extern const char kGpt2Pattern[];

// Immutable once built; any thread.
class PreTokenizer {
 public:
  using WordSink = absl::FunctionRef<void(absl::string_view word)>;

  // invert: swaps gaps and matches.
  absl::Status AddSplit(absl::string_view pattern, SplitBehavior behavior, bool invert);
  // Parts that do not start with a space get one.
  void AddPrefixSpace();

  // text: valid UTF-8. A word is valid only during its call.
  void Split(absl::string_view text, WordSink word) const { RunStep(0, text, word); }

 private:
  struct Step {
    std::optional<SplitRegex> regex;  // none: the prefix space
    SplitBehavior behavior = SplitBehavior::kIsolated;
    bool invert = false;
  };

  void RunStep(size_t index, absl::string_view part, WordSink word) const;

  std::vector<Step> steps_;
};

}  // namespace drumfire
