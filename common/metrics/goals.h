// Parses and evaluates goals: --goodput "time_to_first_token:100 inter_token_latency:3.40" and
// --fail-if "time_to_first_token:p99>500". Values are in the metric's display unit, or times with a
// unit ("0.5s"). The field's short names (ttft, tpot, itl, e2el) are accepted as tags.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/metrics/metric.h"
#include "drumfire/v1/plan.pb.h"
#include "google/protobuf/repeated_field.h"

namespace drumfire {

// InvalidArgument is one line that names the flag, the problem, the expected form and similar tags.
absl::StatusOr<std::vector<v1::Goal>> ParseGoodput(absl::string_view text);
// One goal: tag:stat>value or tag:stat<value; stat may be omitted for metrics with one value
// (request_error_rate>1).
absl::StatusOr<v1::Goal> ParseFailIf(absl::string_view text);

// A goodput goal prepared for use per request, in base units: an upper limit, or a lower limit for
// metrics where larger is better.
struct GoodputGoal {
  const Metric* metric;
  double limit;
};
// The plan's goals, from ParseGoodput; those with unknown tags are skipped.
std::vector<GoodputGoal> CompileGoodput(const google::protobuf::RepeatedPtrField<v1::Goal>& goals);
// A request without a value for the goal's metric does not meet it.
bool MeetsGoal(const GoodputGoal& goal, const RecordView& view);
bool MeetsGoals(const std::vector<GoodputGoal>& goals, const RecordView& view);

// True if the goal's condition holds for the value, that is, if the run misses the goal.
bool IsMissed(const v1::Goal& goal, double value);
// "time_to_first_token:p99>500".
std::string GoalText(const v1::Goal& goal);

// The goals for a note, with units: "time_to_first_token:p99>500ms".
std::string GoalsAsRead(const std::vector<v1::Goal>& goals);

// Up to three known tags similar to the given one, nearest first.
std::vector<std::string> NearTags(absl::string_view tag);

}  // namespace drumfire
