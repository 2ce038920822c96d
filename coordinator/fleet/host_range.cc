#include "coordinator/fleet/host_range.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr size_t kMostDigits = 9;
constexpr size_t kLongestName = 253;  // of DNS

struct NumberRange {
  uint32_t first = 0;
  uint32_t last = 0;
  size_t width = 1;  // zeros are put before a shorter number
};

// A piece of text, or the ranges that replace it.
struct NamePart {
  std::string text;
  std::vector<NumberRange> ranges;

  uint64_t count() const {
    if (ranges.empty()) return 1;
    uint64_t sum = 0;
    for (const NumberRange& range : ranges) sum += uint64_t{range.last} - range.first + 1;
    return sum;
  }
};

absl::Status Bad(absl::string_view what) { return absl::InvalidArgumentError(what); }

bool IsNumber(absl::string_view text) {
  return !text.empty() && text.size() <= kMostDigits &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

absl::StatusOr<NumberRange> ReadRange(absl::string_view text) {
  const size_t dash = text.find('-');
  const absl::string_view first = text.substr(0, dash);
  const absl::string_view last = dash == text.npos ? first : text.substr(dash + 1);
  if (!IsNumber(first) || !IsNumber(last)) {
    return Bad(absl::StrCat("in brackets stand numbers and ranges of at most ", kMostDigits,
                            " digits, as in [01-04,7]"));
  }
  NumberRange range;
  range.width = first.size();
  if (!absl::SimpleAtoi(first, &range.first) || !absl::SimpleAtoi(last, &range.last) ||
      range.first > range.last) {
    return Bad("a range goes from the lower number to the higher one");
  }
  return range;
}

absl::Status ReadGroup(absl::string_view text, NamePart* piece) {
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    DRUMFIRE_ASSIGN_OR_RETURN(const NumberRange range, ReadRange(part));
    piece->ranges.push_back(range);
  }
  return absl::OkStatus();
}

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
}

absl::StatusOr<std::vector<NamePart>> ReadPieces(absl::string_view text) {
  std::vector<NamePart> pieces;
  while (!text.empty()) {
    NamePart piece;
    if (text.front() == '[') {
      const size_t end = text.find(']');
      if (end == text.npos) return Bad("a bracket is not closed");
      DRUMFIRE_RETURN_IF_ERROR(ReadGroup(text.substr(1, end - 1), &piece));
      text.remove_prefix(end + 1);
    } else {
      piece.text = std::string(text.substr(0, text.find('[')));
      text.remove_prefix(piece.text.size());
      if (!std::all_of(piece.text.begin(), piece.text.end(), IsNameCharacter)) {
        return Bad("a host name has letters, digits, dots, hyphens and underscores");
      }
    }
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::string Padded(uint64_t number, size_t width) {
  const std::string digits = absl::StrCat(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::vector<std::string> Append(const std::vector<std::string>& names, const NamePart& piece) {
  std::vector<std::string> longer;
  longer.reserve(names.size() * piece.count());
  for (const std::string& name : names) {
    if (piece.ranges.empty()) longer.push_back(name + piece.text);
    for (const NumberRange& range : piece.ranges) {
      for (uint64_t number = range.first; number <= range.last; ++number) {
        longer.push_back(name + Padded(number, range.width));
      }
    }
  }
  return longer;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ExpandHosts(absl::string_view text, size_t most) {
  if (text.empty()) return Bad("the host's name is missing");
  if (text.size() > kLongestName)
    return Bad(absl::StrCat("a name has at most ", kLongestName, " characters"));
  DRUMFIRE_ASSIGN_OR_RETURN(const std::vector<NamePart> pieces, ReadPieces(text));
  uint64_t count = 1;
  for (const NamePart& piece : pieces) {
    // Both factors are below 2^63 / most: a text of this length has few ranges.
    count *= std::min<uint64_t>(piece.count(), most + 1);
    if (count > most) return Bad(absl::StrCat("that is more than ", most, " workers"));
  }
  std::vector<std::string> names = {""};
  for (const NamePart& piece : pieces) names = Append(names, piece);
  return names;
}

std::vector<absl::string_view> SplitHosts(absl::string_view text) {
  std::vector<absl::string_view> parts;
  size_t begin = 0;
  bool in_brackets = false;
  for (size_t i = 0; i <= text.size(); ++i) {
    const bool at_end = i == text.size();
    if (!at_end && (text[i] == '[' || text[i] == ']')) in_brackets = text[i] == '[';
    const bool is_blank = !at_end && absl::ascii_isspace(static_cast<unsigned char>(text[i]));
    if (!at_end && !is_blank && (text[i] != ',' || in_brackets)) continue;
    if (i > begin) parts.push_back(text.substr(begin, i - begin));
    begin = i + 1;
    in_brackets = in_brackets && !is_blank;
  }
  return parts;
}

}  // namespace drumfire
