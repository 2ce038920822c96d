#include "tools/mock_server/random_duration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/clock/clock.h"

namespace drumfire::mock {
namespace {

// Longest first, so that "ms" is not read as "s".
constexpr std::array<std::pair<absl::string_view, double>, 4> kUnits = {
    {{"ns", 1}, {"us", kNsPerUs}, {"ms", kNsPerMs}, {"s", kNsPerSecond}}};

// About 31 years: far above any use, far below overflow when a few are added.
constexpr double kLongestNs = 1e18;

absl::Status BadDuration(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not a duration; expected a number and ns, us, ms or s"));
}

}  // namespace

absl::StatusOr<int64_t> ParseDurationNs(absl::string_view text) {
  if (text == "0") return 0;
  for (const auto& [unit, unit_ns] : kUnits) {
    if (text.size() <= unit.size() || text.substr(text.size() - unit.size()) != unit) continue;
    double value = 0;
    const bool number = absl::SimpleAtod(text.substr(0, text.size() - unit.size()), &value);
    if (!number || !(value >= 0 && value * unit_ns <= kLongestNs)) return BadDuration(text);
    return std::llround(value * unit_ns);
  }
  return BadDuration(text);
}

absl::StatusOr<RandomDuration> RandomDuration::Parse(absl::string_view text) {
  const size_t colon = text.find(':');
  const absl::string_view name = colon == text.npos ? "constant" : text.substr(0, colon);
  std::vector<double> values;
  for (absl::string_view part :
       absl::StrSplit(colon == text.npos ? text : text.substr(colon + 1), ',')) {
    const absl::StatusOr<int64_t> ns = ParseDurationNs(part);
    if (!ns.ok()) return ns.status();
    values.push_back(static_cast<double>(*ns));
  }
  if (values.size() == 1 && name == "constant") return Make(Shape::kConstant, values[0], 0);
  if (values.size() == 1 && name == "exp") return Make(Shape::kExponential, values[0], 0);
  if (values.size() == 2 && name == "uniform") return Make(Shape::kUniform, values[0], values[1]);
  if (values.size() == 2 && name == "normal") return Make(Shape::kNormal, values[0], values[1]);
  if (values.size() == 2 && name == "lognormal") {
    return Make(Shape::kLogNormal, values[0], values[1]);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text,
      "' is not a distribution; expected D, uniform:LOW,HIGH, normal:MEAN,STDDEV, exp:MEAN or "
      "lognormal:MEAN,STDDEV"));
}

absl::StatusOr<RandomDuration> RandomDuration::Make(Shape shape, double first_ns,
                                                    double second_ns) {
  if (shape == Shape::kUniform && second_ns < first_ns) {
    return absl::InvalidArgumentError("uniform: the second duration is below the first");
  }
  if (shape == Shape::kLogNormal && first_ns <= 0) {
    return absl::InvalidArgumentError("lognormal: the mean must be above 0");
  }
  return RandomDuration(shape, first_ns, second_ns);
}

int64_t RandomDuration::SampleNs(Random* random) const {
  if (shape_ == Shape::kConstant) return static_cast<int64_t>(first_ns_);
  return std::llround(std::clamp(Draw(random), 0.0, kLongestNs));
}

double RandomDuration::Draw(Random* random) const {
  switch (shape_) {
    case Shape::kConstant:
      return first_ns_;
    case Shape::kUniform:
      return first_ns_ + (second_ns_ - first_ns_) * random->Uniform();
    case Shape::kNormal:
      return first_ns_ + second_ns_ * random->Normal();
    case Shape::kExponential:
      return first_ns_ * random->Exponential();
    case Shape::kLogNormal: {
      // Moments to parameters: sigma^2 = ln(1 + (stddev/mean)^2), mu = ln(mean) - sigma^2/2.
      const double ratio = second_ns_ / first_ns_;
      const double variance = std::log1p(ratio * ratio);
      return std::exp(std::log(first_ns_) - variance / 2 + std::sqrt(variance) * random->Normal());
    }
  }
  return first_ns_;
}

}  // namespace drumfire::mock
