// Tokens that are found in the text itself, before it is split into words (tokenizer.json's
// added_tokens).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// Filled by one thread, then read by any.
class AddedTokens {
 public:
  struct Rule {
    uint32_t id = 0;
    bool single_word = false;  // only where no letter, digit or underscore touches it
    bool strip_left = false;   // takes the white space before it along
    bool strip_right = false;  // and after it
  };
  using TextSink = absl::FunctionRef<void(absl::string_view text)>;
  using TokenSink = absl::FunctionRef<void(uint32_t id)>;

  // Empty content is ignored; the last rule for the same content holds.
  void Add(absl::string_view content, Rule rule);

  // Cuts the text at the leftmost longest matches. Both sinks are called in the text's order, never
  // with empty text.
  void Split(absl::string_view text, TextSink plain, TokenSink token) const;

 private:
  struct Match {
    size_t begin, end;
    const Rule* rule;  // null: none
  };

  // First match at or after the offset.
  Match FindFrom(absl::string_view text, size_t offset) const;
  // Longest token that starts exactly there; end 0 = none.
  Match LongestAt(absl::string_view text, size_t begin) const;

  // A trie: (node, byte) -> node; node 0 is the root.
  absl::flat_hash_map<uint64_t, uint32_t> children_;
  std::vector<int32_t> rule_of_node_ = {-1};
  std::vector<Rule> rules_;
  std::array<bool, 256> starts_{};
};

}  // namespace drumfire
