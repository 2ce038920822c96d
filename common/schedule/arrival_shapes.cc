#include "common/schedule/arrival_shapes.h"

#include <cmath>

#include "absl/algorithm/container.h"

namespace drumfire {

using MadeArrivals = std::unique_ptr<ArrivalProcess>;

MadeArrivals MakeConstantArrivals(const ArrivalSettings& settings);
MadeArrivals MakePoissonArrivals(const ArrivalSettings& settings);
MadeArrivals MakeGammaArrivals(const ArrivalSettings& settings);
MadeArrivals MakeBurstArrivals(const ArrivalSettings& settings);
MadeArrivals MakeTraceArrivals(const ArrivalSettings& settings);

namespace {

double NoVariation(double) { return 0; }
double ExponentialVariation(double) { return 1; }
double GammaVariation(double smoothness) { return smoothness > 0 ? 1 / std::sqrt(smoothness) : 1; }

constexpr ArrivalShape kShapes[] = {
    {"constant", v1::LOAD_RATE, v1::ARRIVAL_CONSTANT, false, NoVariation, MakeConstantArrivals},
    {"poisson", v1::LOAD_RATE, v1::ARRIVAL_POISSON, false, ExponentialVariation,
     MakePoissonArrivals},
    {"gamma", v1::LOAD_RATE, v1::ARRIVAL_GAMMA, false, GammaVariation, MakeGammaArrivals},
    {"concurrency_burst", v1::LOAD_RATE, v1::ARRIVAL_CONCURRENCY_BURST, true, NoVariation,
     MakeBurstArrivals},
    {"fixed_schedule", v1::LOAD_FIXED_SCHEDULE, {}, false, nullptr, MakeTraceArrivals},
};

}  // namespace

absl::Span<const ArrivalShape> ArrivalShapes() { return kShapes; }

const ArrivalShape* FindArrivalShape(const v1::Phase& phase) {
  const auto* found = absl::c_find_if(kShapes, [&phase](const ArrivalShape& shape) {
    return shape.mode == phase.mode() &&
           (shape.mode != v1::LOAD_RATE || shape.pattern == phase.arrival_pattern());
  });
  return found == std::end(kShapes) ? nullptr : found;
}

}  // namespace drumfire
