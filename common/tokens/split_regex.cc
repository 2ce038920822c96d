#define PCRE2_CODE_UNIT_WIDTH 8
#include "common/tokens/split_regex.h"

#include <pcre2.h>

#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

// PCRE2's \s also takes U+180E, which left White_Space in Unicode 6.3. The regular expressions of
// tokenizers follow it.
constexpr absl::string_view kWhiteSpace =
    "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"
    "\\x{205f}\\x{3000}";

// The replacement of a backslash and its letter; in_class: between [ and ].
std::string TranslateEscape(absl::string_view escape, bool in_class) {
  if (escape == "\\s") {
    return in_class ? std::string(kWhiteSpace) : absl::StrCat("[", kWhiteSpace, "]");
  }
  if (escape == "\\S" && !in_class) return absl::StrCat("[^", kWhiteSpace, "]");
  return std::string(escape);
}

absl::StatusOr<std::string> TranslatePattern(absl::string_view pattern) {
  std::string translated;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const absl::string_view two = pattern.substr(i, 2);
    if (two[0] == '\\' && two.size() == 2) {
      translated += TranslateEscape(two, in_class);
      ++i;
      continue;
    }
    if (in_class && two == "&&") {
      return absl::InvalidArgumentError(absl::StrCat(
          "pattern \"", pattern, "\": found a class intersection (&&), which is not supported"));
    }
    in_class = two[0] == '[' || (in_class && two[0] != ']');
    translated.push_back(two[0]);
  }
  return translated;
}

std::string CompileError(int error) {
  std::array<PCRE2_UCHAR, 200> message{};
  pcre2_get_error_message(error, message.data(), message.size());
  return reinterpret_cast<const char*>(message.data());
}

pcre2_match_data* ThreadMatchData() {
  struct Deleter {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  };
  thread_local std::unique_ptr<pcre2_match_data, Deleter> data(pcre2_match_data_create(1, nullptr));
  return data.get();
}

// One match from offset on, by the JIT's code directly: pcre2_match costs half as much again for a
// short word. Without a JIT, or with too small a stack for it, the interpreter, which has no such
// limit.
bool Match(const pcre2_code* code, absl::string_view text, size_t offset, pcre2_match_data* data) {
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  const size_t size = text.size();
  int result = pcre2_jit_match(code, subject, size, offset, PCRE2_NOTEMPTY, data, nullptr);
  if (result == PCRE2_ERROR_JIT_STACKLIMIT || result == PCRE2_ERROR_JIT_BADOPTION) {
    constexpr uint32_t kOptions = PCRE2_NOTEMPTY | PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT;
    result = pcre2_match(code, subject, size, offset, kOptions, data, nullptr);
  }
  return result >= 0;
}

}  // namespace

void SplitRegex::CodeDeleter::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

absl::StatusOr<SplitRegex> SplitRegex::Create(absl::string_view pattern) {
  DRUMFIRE_ASSIGN_OR_RETURN(std::string translated, TranslatePattern(pattern));
  int error = 0;
  size_t offset = 0;
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, &error, &offset, nullptr);
  if (code == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "pattern \"", pattern, "\": ", CompileError(error), ", expected a regular expression"));
  }
  pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);  // without JIT it is only slower
  return SplitRegex(code);
}

void SplitRegex::Split(absl::string_view text,
                       absl::FunctionRef<void(absl::string_view part, bool is_match)> part) const {
  pcre2_match_data* data = ThreadMatchData();
  size_t done = 0;
  while (done < text.size() && Match(code_.get(), text, done, data)) {
    // Read before part(), which may match on the same data. \K can put the start behind the end.
    const size_t end = pcre2_get_ovector_pointer(data)[1];
    const size_t begin = pcre2_get_ovector_pointer(data)[0];
    if (begin < done || end <= begin) break;
    if (begin > done) part(text.substr(done, begin - done), false);
    part(text.substr(begin, end - begin), true);
    done = end;
  }
  if (done < text.size()) part(text.substr(done), false);
}

}  // namespace drumfire
