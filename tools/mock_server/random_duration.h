// Durations as written by users ("50ms", "normal:50ms,5ms"), fixed or random.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/random/random.h"

namespace drumfire::mock {

// "1.5ms", "20us", "2s", "7ns" or "0" -> ns. Anything else is an error that names the text.
absl::StatusOr<int64_t> ParseDurationNs(absl::string_view text);

// A fixed or random duration, never negative. Copyable.
class RandomDuration {
 public:
  // "D" | "uniform:LOW,HIGH" | "normal:MEAN,STDDEV" | "exp:MEAN" | "lognormal:MEAN,STDDEV", with
  // durations as arguments.
  static absl::StatusOr<RandomDuration> Parse(absl::string_view text);
  static RandomDuration Constant(int64_t ns) { return RandomDuration(Shape::kConstant, ns, 0); }

  // One sample, ns. Does not use `random` if the duration is constant.
  int64_t SampleNs(Random* random) const;

 private:
  enum class Shape { kConstant, kUniform, kNormal, kExponential, kLogNormal };
  RandomDuration(Shape shape, double first_ns, double second_ns)
      : shape_(shape), first_ns_(first_ns), second_ns_(second_ns) {}
  static absl::StatusOr<RandomDuration> Make(Shape shape, double first_ns, double second_ns);
  double Draw(Random* random) const;

  Shape shape_;
  double first_ns_;
  double second_ns_;
};

}  // namespace drumfire::mock
