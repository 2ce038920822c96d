#include "coordinator/export/unit_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace drumfire {
namespace {

constexpr ShownUnit kNs = {"ns", 1};
constexpr ShownUnit kUs = {"us", 1e3};
constexpr ShownUnit kMs = {"ms", 1e6};
constexpr ShownUnit kSeconds = {"s", 1e9};
constexpr double kSecondsFrom = 1e10;  // ns

std::string WithThousands(double value) {
  std::string text = absl::StrFormat("%.0f", value);
  const size_t first_digit = text[0] == '-' ? 1 : 0;
  for (size_t end = text.size(); end > first_digit + 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

// The bounds are where rounding gives a digit more.
int DecimalsOf(double size) {
  if (size < 9.995) return 2;
  return size < 99.95 ? 1 : 0;
}

}  // namespace

ShownUnit ShownUnitFor(double ns) {
  const double size = std::abs(ns);
  if (size >= kSecondsFrom) return kSeconds;
  if (size >= kMs.ns) return kMs;
  return size >= kUs.ns ? kUs : kNs;
}

std::string ShortNumber(double value) {
  if (!std::isfinite(value)) return "-";
  if (value == 0) return "0";
  const int decimals = DecimalsOf(std::abs(value));
  return decimals == 0 ? WithThousands(value) : absl::StrFormat("%.*f", decimals, value);
}

std::string TimeText(double ns) {
  if (!std::isfinite(ns)) return "-";
  const ShownUnit unit = ShownUnitFor(ns);
  return absl::StrCat(ShortNumber(ns / unit.ns), " ", unit.name);
}

std::string CountText(double value) {
  const double size = std::abs(value);
  if (size >= 9.995e8) return absl::StrCat(ShortNumber(value / 1e9), " G");
  if (size >= 9.995e5) return absl::StrCat(ShortNumber(value / 1e6), " M");
  if (size >= 1e4) return absl::StrCat(ShortNumber(value / 1e3), " k");
  if (value == std::trunc(value)) return WithThousands(value);
  return ShortNumber(value);
}

}  // namespace drumfire
