// Numbers as typed on a command line.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace drumfire {

// Decimal digits, point and exponent only: no white space, no hex, no "inf" or "nan". nullopt for
// anything else and for values beyond a double.
std::optional<double> ParseReal(absl::string_view text);

// A whole number, also as 1e6 or 2.0. nullopt if it is negative, has a fraction or does not fit.
std::optional<uint64_t> ParseWhole(absl::string_view text);

// A time: a real number in units of unit_ns, or with a unit (ns, us, ms, s, m, h). Rounded to ns.
// nullopt if it is negative or does not fit.
std::optional<int64_t> ParseTimeNs(absl::string_view text, int64_t unit_ns);

// Bytes: a whole number, optionally with K, M or G (powers of 1024).
std::optional<uint64_t> ParseBytes(absl::string_view text);

}  // namespace drumfire
