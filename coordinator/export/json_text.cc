#include "coordinator/export/json_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
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

// A decimal of up to 15 digits is the shortest text of the double next to it. Whole and tiny
// numbers are left to the general way, which may write them with an exponent.
void AppendJsonMs(int64_t ns, std::string* out) {
  constexpr int64_t kSmallest = 1000, kSixteenDigits = 1'000'000'000'000'000;
  const int64_t fraction = ns % kNsPerMs;
  if (ns < kSmallest || ns >= kSixteenDigits || fraction == 0) {
    AppendJsonNumber(static_cast<double>(ns) / 1e6, false, out);
    return;
  }
  // Below 1 ms a one is put in front, so that the fraction has all its zeros; it becomes the "0".
  char digits[32];
  const int64_t padded = ns < kNsPerMs ? kNsPerMs + ns : ns;
  char* end = std::to_chars(digits + 1, digits + sizeof(digits), padded).ptr;
  if (ns < kNsPerMs) digits[1] = '0';
  char* const point = end - 7;
  std::copy(digits + 1, point + 1, digits);
  *point = '.';
  while (end[-1] == '0') --end;
  out->append(digits, end);
}

void AppendReadableJsonString(absl::string_view text, std::string* out) {
  out->append(Compact(Json(std::string(text))));
}

}  // namespace drumfire
