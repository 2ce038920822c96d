// JSON string text as it stands between the quotes -> UTF-8. For what keeps texts escaped and
// unescapes them late.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Appends the text with its escapes resolved. Never fails: lone surrogates, broken escapes and
// bytes that are not UTF-8 become U+FFFD.
void AppendUnescapedJson(absl::string_view escaped, std::string* out);

// Appends the start of text, as many whole characters as max_bytes hold; bytes that are not UTF-8
// become U+FFFD.
void AppendValidUtf8(absl::string_view text, size_t max_bytes, std::string* out);

}  // namespace drumfire
