#include "coordinator/cli/extra_inputs.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/json/json_escape.h"
#include "common/json/json_text.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

// Keys with their values as JSON text, in the order in which the keys were first given.
using Inputs = std::vector<std::pair<std::string, std::string>>;

void Put(const std::string& key, std::string value, Inputs* inputs) {
  const auto known = std::find_if(inputs->begin(), inputs->end(),
                                  [&](const auto& input) { return input.first == key; });
  if (known == inputs->end()) {
    inputs->emplace_back(key, std::move(value));
  } else {
    known->second = std::move(value);
  }
}

std::string AsJsonString(absl::string_view text) {
  std::string quoted;
  AppendJsonString(text, &quoted);
  return quoted;
}

// ".5", "+5" and "5." as JSON has them; other text stays.
std::string WholeNumber(absl::string_view text) {
  const bool is_numeric = text.find_first_of("0123456789") != text.npos &&
                          text.find_first_not_of("0123456789.eE+-") == text.npos;
  if (!is_numeric) return std::string(text);
  absl::ConsumePrefix(&text, "+");
  const bool negative = absl::ConsumePrefix(&text, "-");
  std::string number(text);
  if (absl::StartsWith(number, ".")) number.insert(0, "0");
  if (absl::EndsWith(number, ".")) number.pop_back();
  return absl::StrCat(negative ? "-" : "", number);
}

// The JSON for a value: JSON unchanged, the words true, false, null and none in any case (as in
// Python), numbers, and text. Quotes turn anything into text.
std::string JsonOf(absl::string_view text) {
  if (IsJson(text)) return CompactJson(text);
  const std::string lower = absl::AsciiStrToLower(text);
  if (lower == "true" || lower == "false" || lower == "null") return lower;
  if (lower == "none") return "null";
  const std::string number = WholeNumber(text);
  return IsJson(number) ? number : AsJsonString(text);
}

absl::Status AddPair(absl::string_view flag, absl::string_view pair, Inputs* inputs) {
  const size_t colon = pair.find(':');
  const absl::string_view key = absl::StripAsciiWhitespace(pair.substr(0, colon));
  if (colon == pair.npos || key.empty()) {
    return FlagError(flag, Quoted(pair), "KEY:VALUE or a JSON object");
  }
  Put(std::string(key), JsonOf(absl::StripAsciiWhitespace(pair.substr(colon + 1))), inputs);
  return absl::OkStatus();
}

absl::Status AddObject(absl::string_view flag, absl::string_view text, Inputs* inputs) {
  if (!IsJsonObject(text)) return FlagError(flag, Quoted(text), "a JSON object");
  const std::string compact = CompactJson(text);
  for (const JsonMember& member : JsonMembers(compact)) {
    Put(member.key, std::string(member.value), inputs);
  }
  return absl::OkStatus();
}

// Commas separate pairs only where every piece is one.
std::vector<absl::string_view> Pairs(absl::string_view text) {
  const std::vector<absl::string_view> pieces = absl::StrSplit(text, ',');
  if (text.find_first_of("{[\"") != text.npos) return {text};
  for (absl::string_view piece : pieces) {
    if (!absl::StrContains(piece, ':')) return {text};
  }
  return pieces;
}

absl::Status AddText(absl::string_view flag, absl::string_view text, Inputs* inputs) {
  text = absl::StripAsciiWhitespace(text);
  if (absl::StartsWith(text, "{")) return AddObject(flag, text, inputs);
  for (absl::string_view pair : Pairs(text)) {
    DRUMFIRE_RETURN_IF_ERROR(AddPair(flag, pair, inputs));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ParseExtraInputs(absl::string_view flag,
                                             const std::vector<std::string>& texts) {
  if (texts.empty()) return std::string();
  Inputs inputs;
  for (const std::string& text : texts) {
    // Invalid UTF-8 would make a body that no server reads.
    if (!IsJson(AsJsonString(text))) return UsageError(flag, "must be valid UTF-8");
    DRUMFIRE_RETURN_IF_ERROR(AddText(flag, text, &inputs));
  }
  std::vector<JsonMember> members;
  for (const auto& [key, value] : inputs) members.push_back({key, value});
  return JsonObjectText(members);
}

}  // namespace drumfire
