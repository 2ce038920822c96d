#include "coordinator/cli/numbers.h"

#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "common/clock/clock.h"

namespace drumfire {
namespace {

constexpr double kLargestExact =
    9007199254740992.0;  // 2^53: whole numbers are exact in a double up to here

struct Unit {
  absl::string_view suffix;
  int64_t factor;
};

// Longer suffixes first: "ms" before "s".
constexpr Unit kTimeUnits[] = {
    {"ns", 1},           {"us", kNsPerUs},         {"ms", kNsPerMs},
    {"s", kNsPerSecond}, {"m", 60 * kNsPerSecond}, {"h", 3600 * kNsPerSecond},
};
constexpr Unit kByteUnits[] = {{"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};

// Cuts a unit off the text and returns its factor; 0 when there is none.
template <size_t kCount>
int64_t TakeUnit(const Unit (&units)[kCount], absl::string_view* text) {
  for (const Unit& unit : units) {
    if (absl::EndsWith(*text, unit.suffix)) {
      text->remove_suffix(unit.suffix.size());
      return unit.factor;
    }
  }
  return 0;
}

}  // namespace

std::optional<double> ParseReal(absl::string_view text) {
  double value = 0;
  const bool plain = text.find_first_not_of("0123456789.eE+-") == absl::string_view::npos;
  if (!plain || !absl::SimpleAtod(text, &value) || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<uint64_t> ParseWhole(absl::string_view text) {
  uint64_t whole = 0;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (digits) return absl::SimpleAtoi(text, &whole) ? std::optional(whole) : std::nullopt;
  const std::optional<double> real = ParseReal(text);
  if (!real || *real < 0 || *real > kLargestExact || *real != std::floor(*real)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(*real);
}

std::optional<int64_t> ParseTimeNs(absl::string_view text, int64_t unit_ns) {
  if (const int64_t own_unit = TakeUnit(kTimeUnits, &text); own_unit != 0) unit_ns = own_unit;
  const std::optional<double> real = ParseReal(text);
  if (!real || *real < 0) return std::nullopt;
  const double ns = std::round(*real * static_cast<double>(unit_ns));
  if (ns >= 9.2e18) return std::nullopt;
  return static_cast<int64_t>(ns);
}

std::optional<uint64_t> ParseBytes(absl::string_view text) {
  const int64_t unit = TakeUnit(kByteUnits, &text);
  const uint64_t factor = unit == 0 ? 1 : static_cast<uint64_t>(unit);
  const std::optional<uint64_t> whole = ParseWhole(text);
  if (!whole || *whole > UINT64_MAX / factor) return std::nullopt;
  return *whole * factor;
}

}  // namespace drumfire
