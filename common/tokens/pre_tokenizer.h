// Text -> words, the units that byte pair encoding never merges across: a chain of splits, each
// within the parts that the one before it left.
#pragma once

#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/tokens/split_regex.h"

namespace drumfire {

// What becomes of a split's matches (names and meaning as in tokenizer.json).
enum class SplitBehavior { kIsolated, kRemoved, kMergedWithPrevious, kMergedWithNext, kContiguous };

// The pattern of GPT-2, which ByteLevel with use_regex applies.
extern const char kGpt2Pattern[];

// Immutable once built; any thread.
class PreTokenizer {
 public:
  using WordSink = absl::FunctionRef<void(absl::string_view word)>;

  // invert: gaps and matches change places.
  absl::Status AddSplit(absl::string_view pattern, SplitBehavior behavior, bool invert);
  // Parts that do not start with a space get one.
  void AddPrefixSpace();

  // text: valid UTF-8. A word lives during its call only.
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
