// Small checks for a plan's validation. Errors: "<field>: found X, expected Y". Internal to this
// room.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace drumfire::plan_check {

inline absl::Status Wrong(absl::string_view field, const absl::AlphaNum& found,
                          const absl::AlphaNum& expected) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": found ", found, ", expected ", expected));
}

// Comparisons are written so that NaN is outside every range.
template <typename Number>
absl::Status InRange(absl::string_view field, Number value, Number lowest, Number highest) {
  if (value >= lowest && value <= highest) return absl::OkStatus();
  return Wrong(field, value, absl::StrCat(lowest, " to ", highest));
}

// A time of 0 (= none) up to the limit.
absl::Status TimeOrNone(absl::string_view field, int64_t ns);
// Text that fits into one line of a request head and the size limit.
absl::Status OneLine(absl::string_view field, absl::string_view text);
// The first failure, or OK. All are evaluated, since they are pure.
absl::Status FirstError(std::initializer_list<absl::Status> checks);

}  // namespace drumfire::plan_check
