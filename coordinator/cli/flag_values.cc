#include "coordinator/cli/flag_values.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr size_t kLongestQuote = 120;

}  // namespace

void FlagValues::Add(absl::string_view primary_name, GivenFlag flag) {
  order_.emplace_back(primary_name);
  flags_.emplace(primary_name, std::move(flag));
}

bool FlagValues::Has(absl::string_view name) const { return flags_.find(name) != flags_.end(); }

const std::string& FlagValues::Text(absl::string_view name) const {
  static const std::string* const none = new std::string;
  const std::vector<std::string>& values = List(name);
  return values.empty() ? *none : values.front();
}

const std::vector<std::string>& FlagValues::List(absl::string_view name) const {
  static const auto* const none = new std::vector<std::string>;
  const auto flag = flags_.find(name);
  return flag == flags_.end() ? *none : flag->second.values;
}

std::string FlagValues::Spelled(absl::string_view name) const {
  const auto flag = flags_.find(name);
  return flag == flags_.end() ? std::string(name) : flag->second.spelled;
}

absl::Status FlagError(absl::string_view flag, absl::string_view found,
                       absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": found ", found, ", expected ", expected));
}

absl::Status UsageError(absl::string_view subject, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(subject, " ", problem));
}

absl::Status ValueMissing(absl::string_view flag) {
  return UsageError(Escaped(flag), "requires a value");
}

absl::Status TooManyValues(absl::string_view flag, size_t count) {
  return UsageError(flag, absl::StrCat("was given ", count, " values; give it one"));
}

std::string Escaped(absl::string_view text) {
  if (text.size() <= kLongestQuote) return absl::Utf8SafeCEscape(text);
  return absl::StrCat(absl::CEscape(text.substr(0, kLongestQuote)), "...");
}

std::string Quoted(absl::string_view text) { return absl::StrCat("\"", Escaped(text), "\""); }

}  // namespace drumfire
