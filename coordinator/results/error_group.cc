#include "coordinator/results/error_group.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace drumfire {
namespace {

constexpr absl::string_view kConnect = "connect to ";
constexpr size_t kShortestId = 8;
constexpr auto kLeastDigits = 2;
constexpr size_t kLongestUnit = 2;  // "ms", "s", "us"

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsOfWord(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

bool IsNumberWithUnit(absl::string_view word) {
  const auto unit = std::find_if_not(word.begin(), word.end(), IsDigit);
  const auto length = static_cast<size_t>(word.end() - unit);
  return unit != word.begin() && length <= kLongestUnit && std::none_of(unit, word.end(), IsDigit);
}

bool IsId(absl::string_view word) {
  return word.size() >= kShortestId &&
         std::count_if(word.begin(), word.end(), IsDigit) >= kLeastDigits;
}

// The length of the "1.2.3.4" that the text begins with; 0 = it does not.
size_t AddressLength(absl::string_view text) {
  size_t length = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (length >= text.size() || text[length++] != '.')) return 0;
    const size_t begin = length;
    while (length < text.size() && IsDigit(text[length])) ++length;
    if (length == begin || length > begin + 3) return 0;
  }
  const bool goes_on = length < text.size() && (IsOfWord(text[length]) || text[length] == '.');
  return goes_on ? 0 : length;
}

size_t WordLength(absl::string_view text) {
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsOfWord) - text.begin());
}

void AppendWord(absl::string_view word, std::string* group) {
  if (!IsNumberWithUnit(word) && !IsId(word)) {
    group->append(word.data(), word.size());
    return;
  }
  // "12.5" and "12" are alike.
  if (absl::EndsWith(*group, "#.")) group->pop_back();
  if (!absl::EndsWith(*group, "#")) group->push_back('#');
}

}  // namespace

std::string ErrorGroupOf(absl::string_view message) {
  std::string group;
  if (absl::StartsWith(message, kConnect)) {
    const size_t end = std::min(message.find(' ', kConnect.size()), message.size());
    group.assign(message.data(), end);
    message.remove_prefix(end);
  }
  while (!message.empty()) {
    size_t length = AddressLength(message);
    if (length > 0) {
      group.append(message.data(), length);
    } else if (length = WordLength(message); length > 0) {
      AppendWord(message.substr(0, length), &group);
    } else {
      length = 1;
      group.push_back(message.front());
    }
    message.remove_prefix(length);
  }
  return group;
}

}  // namespace drumfire
