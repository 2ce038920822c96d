#include "common/json/json_text.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepestMerge = 64;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Behind the string that begins at `begin`, or the text's end.
size_t EndOfString(absl::string_view text, size_t begin) {
  for (size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return text.size();
}

size_t SkipBlanks(absl::string_view text, size_t i) {
  while (i < text.size() && IsBlank(text[i])) ++i;
  return i;
}

// Behind the value that begins at i: where its enclosing object goes on.
size_t EndOfValue(absl::string_view text, size_t i) {
  size_t depth = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '"') {
      i = EndOfString(text, i);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return i;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++i;
  }
  return i;
}

std::string Unescaped(absl::string_view quoted) {
  if (quoted.find('\\') == quoted.npos) return std::string(quoted.substr(1, quoted.size() - 2));
  const Json parsed = Json::parse(quoted.begin(), quoted.end(), nullptr, false);
  return parsed.is_string() ? parsed.get<std::string>() : std::string(quoted);
}

bool StartsObject(absl::string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  return !text.empty() && text.front() == '{';
}

std::string Merged(absl::string_view base, absl::string_view overlay, int depth);

// What holds the merged values that members point into.
using MergedValues = std::vector<std::unique_ptr<std::string>>;

void MergeMember(const JsonMember& over, int depth, std::vector<JsonMember>* members,
                 MergedValues* values) {
  const auto base = std::find_if(members->begin(), members->end(),
                                 [&](const JsonMember& member) { return member.key == over.key; });
  if (base == members->end()) {
    members->push_back(over);
    return;
  }
  values->push_back(std::make_unique<std::string>(Merged(base->value, over.value, depth + 1)));
  base->value = *values->back();
}

std::string Merged(absl::string_view base, absl::string_view overlay, int depth) {
  if (depth > kDeepestMerge || !StartsObject(base) || !StartsObject(overlay)) {
    return std::string(overlay);
  }
  std::vector<JsonMember> members = JsonMembers(base);
  MergedValues values;
  for (const JsonMember& over : JsonMembers(overlay)) MergeMember(over, depth, &members, &values);
  return JsonObjectText(members);
}

}  // namespace

bool IsJson(absl::string_view text) { return Json::accept(text.begin(), text.end()); }

bool IsJsonObject(absl::string_view text) { return StartsObject(text) && IsJson(text); }

std::string CompactJson(absl::string_view text) {
  std::string compact;
  compact.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t end = text[i] == '"' ? EndOfString(text, i) : i + 1;
    if (!IsBlank(text[i])) compact.append(text.data() + i, end - i);
    i = end;
  }
  return compact;
}

std::vector<JsonMember> JsonMembers(absl::string_view object) {
  std::vector<JsonMember> members;
  size_t i = SkipBlanks(object, 0);
  if (i == object.size() || object[i] != '{') return members;
  while (true) {
    i = SkipBlanks(object, i + 1);
    if (i >= object.size() || object[i] != '"') return members;
    const size_t end = EndOfString(object, i);
    if (end - i < 2) return members;
    std::string key = Unescaped(object.substr(i, end - i));
    i = SkipBlanks(object, end);
    if (i >= object.size() || object[i] != ':') return members;
    const size_t value = SkipBlanks(object, i + 1);
    i = EndOfValue(object, value);
    const absl::string_view text = object.substr(value, i - value);
    members.push_back({std::move(key), absl::StripTrailingAsciiWhitespace(text)});
    if (i >= object.size() || object[i] != ',') return members;
  }
}

std::string MergedJson(absl::string_view base, absl::string_view overlay) {
  return Merged(base, overlay, 0);
}

std::string JsonObjectText(const std::vector<JsonMember>& members) {
  std::string text = "{";
  for (auto member = members.begin(); member != members.end(); ++member) {
    const bool again = std::any_of(member + 1, members.end(), [&](const JsonMember& later) {
      return later.key == member->key;
    });
    if (again) continue;
    const std::string key = Json(member->key).dump(-1, ' ', false, Json::error_handler_t::replace);
    absl::StrAppend(&text, text.size() > 1 ? "," : "", key, ":", member->value);
  }
  return text + "}";
}

}  // namespace drumfire
