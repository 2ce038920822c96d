// The table of arrival shapes. A new shape is one file with its Make function and one row in
// arrival_shapes.cc.
#pragma once

#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/schedule/arrival_process.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct ArrivalShape {
  absl::string_view name;  // as in AIPerf's input_config
  v1::LoadMode mode;
  v1::ArrivalPattern pattern;  // LOAD_RATE only
  // All requests are due at once, and free slots decide when they are sent.
  bool slots_decide;
  // Coefficient of variation of the gaps between arrivals, a function of the smoothness; nullptr =
  // only the times themselves tell.
  double (*gap_variation)(double smoothness);
  std::unique_ptr<ArrivalProcess> (*make)(const ArrivalSettings& settings);
};

absl::Span<const ArrivalShape> ArrivalShapes();

// The shape of a phase's arrivals; nullptr for a closed loop and for a pattern without a row.
const ArrivalShape* FindArrivalShape(const v1::Phase& phase);

}  // namespace drumfire
