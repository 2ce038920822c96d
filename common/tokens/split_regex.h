// One regular expression that cuts text into matches and the gaps between them, by PCRE2 with JIT.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct pcre2_real_code_8;

namespace drumfire {

// Immutable; any thread.
class SplitRegex {
 public:
  // The pattern as tokenizers write it (Oniguruma, Rust): Unicode classes, \s as White_Space.
  // Refuses what PCRE2 cannot compile, and class intersections ("&&"), which it would read
  // differently.
  static absl::StatusOr<SplitRegex> Create(absl::string_view pattern);

  // text: valid UTF-8. Calls part(bytes, is_match) for all of it, in order, without empty parts. A
  // pattern that gives up (its backtracking limit) makes the rest of the text a gap.
  void Split(absl::string_view text,
             absl::FunctionRef<void(absl::string_view part, bool is_match)> part) const;

 private:
  struct CodeDeleter {
    void operator()(pcre2_real_code_8* code) const;
  };

  explicit SplitRegex(pcre2_real_code_8* code) : code_(code) {}

  std::unique_ptr<pcre2_real_code_8, CodeDeleter> code_;
};

}  // namespace drumfire
