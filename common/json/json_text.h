// JSON that keeps its original text: members keep their order and numbers their digits, which a
// parsed document would not preserve ("0.10", "1e5", 2^64). For JSON that users give us to send.
// Pure text, any thread.
//
//   MergedJson(R"({"a":1,"b":{"c":0.10}})", R"({"b":{"d":2}})") ==
//   R"({"a":1,"b":{"c":0.10,"d":2}})"
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

// One JSON value (IsJson) or one JSON object (IsJsonObject) and nothing after it.
bool IsJson(absl::string_view text);
bool IsJsonObject(absl::string_view text);

// The text without the blanks between its tokens. text: valid JSON.
std::string CompactJson(absl::string_view text);

struct JsonMember {
  std::string key;          // without quotes and escapes
  absl::string_view value;  // as spelled; a part of the object's text
};

// The members in the order of the text, repeated keys included. object: a valid JSON object; other
// text gives some members or none.
std::vector<JsonMember> JsonMembers(absl::string_view object);

// Merges overlay into base: objects are merged key by key (down to 64 levels), anything else is
// replaced. Keys of base keep their position, others follow. Both must be valid JSON.
std::string MergedJson(absl::string_view base, absl::string_view overlay);

// A JSON object from members, the last of equal keys.
std::string JsonObjectText(const std::vector<JsonMember>& members);

}  // namespace drumfire
