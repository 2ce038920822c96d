#include "coordinator/cli/extra_inputs.h"

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

using Json = nlohmann::json;

Json ParseJson(absl::string_view text) {
  return Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

absl::Status AddPair(absl::string_view flag, absl::string_view pair, Json* object) {
  const size_t colon = pair.find(':');
  const absl::string_view key = absl::StripAsciiWhitespace(pair.substr(0, colon));
  if (colon == pair.npos || key.empty()) {
    return FlagError(flag, Quoted(pair), "KEY:VALUE or a JSON object");
  }
  const absl::string_view text = absl::StripAsciiWhitespace(pair.substr(colon + 1));
  Json value = ParseJson(text);
  (*object)[std::string(key)] = value.is_discarded() ? Json(std::string(text)) : std::move(value);
  return absl::OkStatus();
}

absl::Status AddObject(absl::string_view flag, absl::string_view text, Json* object) {
  const Json parsed = ParseJson(text);
  if (!parsed.is_object()) return FlagError(flag, Quoted(text), "a JSON object");
  object->update(parsed);
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

absl::Status AddText(absl::string_view flag, absl::string_view text, Json* object) {
  text = absl::StripAsciiWhitespace(text);
  if (absl::StartsWith(text, "{")) return AddObject(flag, text, object);
  for (absl::string_view pair : Pairs(text)) {
    if (absl::Status status = AddPair(flag, pair, object); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ParseExtraInputs(absl::string_view flag,
                                             const std::vector<std::string>& texts) {
  if (texts.empty()) return std::string();
  Json object = Json::object();
  for (const std::string& text : texts) {
    if (absl::Status status = AddText(flag, text, &object); !status.ok()) return status;
  }
  // Invalid UTF-8 would make a body that no server reads.
  std::string dumped = object.dump(-1, ' ', false, Json::error_handler_t::ignore);
  if (ParseJson(dumped) != object) return FlagError(flag, "bytes that are not UTF-8", "UTF-8");
  return dumped;
}

}  // namespace drumfire
