#include "common/schedule/arrival_shapes.h"

#include "absl/algorithm/container.h"

namespace drumfire {

using MadeArrivals = std::unique_ptr<ArrivalProcess>;

MadeArrivals MakeConstantArrivals(const ArrivalSettings& settings);
MadeArrivals MakePoissonArrivals(const ArrivalSettings& settings);
MadeArrivals MakeGammaArrivals(const ArrivalSettings& settings);
MadeArrivals MakeBurstArrivals(const ArrivalSettings& settings);
MadeArrivals MakeTraceArrivals(const ArrivalSettings& settings);

namespace {

constexpr ArrivalShape kShapes[] = {
    {"constant", v1::LOAD_RATE, v1::ARRIVAL_CONSTANT, false, MakeConstantArrivals},
    {"poisson", v1::LOAD_RATE, v1::ARRIVAL_POISSON, false, MakePoissonArrivals},
    {"gamma", v1::LOAD_RATE, v1::ARRIVAL_GAMMA, false, MakeGammaArrivals},
    {"concurrency_burst", v1::LOAD_RATE, v1::ARRIVAL_CONCURRENCY_BURST, true, MakeBurstArrivals},
    {"fixed_schedule", v1::LOAD_FIXED_SCHEDULE, {}, false, MakeTraceArrivals},
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
