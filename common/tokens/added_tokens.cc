#include "common/tokens/added_tokens.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace drumfire {
namespace {

uint64_t Edge(uint32_t node, char byte) {
  return (static_cast<uint64_t>(node) << 8) | static_cast<unsigned char>(byte);
}

// The character before end, and where it begins.
UChar32 LastCharacter(absl::string_view text, size_t end, size_t* begin) {
  constexpr size_t kLongestCharacter = 4;
  const size_t window = end - std::min(end, kLongestCharacter);
  auto offset = static_cast<int32_t>(end - window);
  UChar32 character = 0;
  U8_PREV(text.data() + window, 0, offset, character);
  *begin = window + static_cast<size_t>(offset);
  return character;
}

UChar32 FirstCharacter(absl::string_view text, size_t begin, size_t* end) {
  auto offset = static_cast<int64_t>(begin);
  const auto size = static_cast<int64_t>(text.size());
  UChar32 character = 0;
  U8_NEXT(text.data(), offset, size, character);
  *end = static_cast<size_t>(offset);
  return character;
}

// \w of Unicode's UTS 18.
bool IsWordCharacter(UChar32 character) {
  constexpr uint32_t kMarksDigitsConnectors = U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK;
  return u_isUAlphabetic(character) || (U_GET_GC_MASK(character) & kMarksDigitsConnectors) != 0 ||
         u_hasBinaryProperty(character, UCHAR_JOIN_CONTROL);
}

bool TouchesWord(absl::string_view text, size_t begin, size_t end) {
  size_t ignored = 0;
  return (begin > 0 && IsWordCharacter(LastCharacter(text, begin, &ignored))) ||
         (end < text.size() && IsWordCharacter(FirstCharacter(text, end, &ignored)));
}

// The begin without the white space before it, but not below the floor.
size_t StripLeft(absl::string_view text, size_t floor, size_t begin) {
  size_t previous = begin;
  while (begin > floor && u_isUWhiteSpace(LastCharacter(text, begin, &previous))) begin = previous;
  return begin;
}

size_t StripRight(absl::string_view text, size_t end) {
  size_t next = end;
  while (end < text.size() && u_isUWhiteSpace(FirstCharacter(text, end, &next))) end = next;
  return end;
}

}  // namespace

void AddedTokens::Add(absl::string_view content, Rule rule) {
  if (content.empty()) return;
  uint32_t node = 0;
  for (const char byte : content) {
    const auto fresh = static_cast<uint32_t>(rule_of_node_.size());
    const auto [edge, added] = children_.try_emplace(Edge(node, byte), fresh);
    if (added) rule_of_node_.push_back(-1);
    node = edge->second;
  }
  starts_[static_cast<unsigned char>(content[0])] = true;
  rule_of_node_[node] = static_cast<int32_t>(rules_.size());
  rules_.push_back(rule);
}

AddedTokens::Match AddedTokens::LongestAt(absl::string_view text, size_t begin) const {
  Match longest{begin, 0, nullptr};
  uint32_t node = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    const auto edge = children_.find(Edge(node, text[i]));
    if (edge == children_.end()) break;
    node = edge->second;
    if (rule_of_node_[node] >= 0) longest = {begin, i + 1, &rules_[rule_of_node_[node]]};
  }
  return longest;
}

AddedTokens::Match AddedTokens::FindFrom(absl::string_view text, size_t offset) const {
  for (size_t i = rules_.empty() ? text.size() : offset; i < text.size(); ++i) {
    if (!starts_[static_cast<unsigned char>(text[i])]) continue;
    const Match match = LongestAt(text, i);
    if (match.rule == nullptr) continue;
    if (!match.rule->single_word || !TouchesWord(text, match.begin, match.end)) return match;
    i = match.end - 1;
  }
  return {text.size(), text.size(), nullptr};
}

void AddedTokens::Split(absl::string_view text, TextSink plain, TokenSink token) const {
  size_t done = 0;
  while (true) {
    Match match = FindFrom(text, done);
    if (match.rule == nullptr) break;
    if (match.rule->strip_left) match.begin = StripLeft(text, done, match.begin);
    if (match.rule->strip_right) match.end = StripRight(text, match.end);
    if (match.begin > done) plain(text.substr(done, match.begin - done));
    token(match.rule->id);
    done = match.end;
  }
  if (done < text.size()) plain(text.substr(done));
}

}  // namespace drumfire
