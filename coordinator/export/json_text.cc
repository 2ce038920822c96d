#include "coordinator/export/json_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "coordinator/export/json_parts.h"

namespace drumfire {

void AppendJsonNumber(double value, bool is_integer, std::string* out) {
  if (is_integer) {
    absl::StrAppend(out, static_cast<int64_t>(value));
    return;
  }
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), value);
  out->append(digits, end.ptr);
  const bool looks_whole =
      std::all_of(digits, end.ptr, [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
  if (looks_whole) out->append(".0");
}

void AppendJsonString(absl::string_view text, std::string* out) {
  out->append(Compact(Json(std::string(text))));
}

}  // namespace drumfire
