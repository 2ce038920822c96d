// Goals in words: --goodput "time_to_first_token:100 inter_token_latency:3.40" and
// --fail-if "time_to_first_token:p99>500". Values are in the metric's shown unit, or a time with
// its own ("0.5s"). Short names of the field (ttft, tpot, itl, e2el) stand for tags.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/metrics/metric.h"
#include "drumfire/v1/plan.pb.h"
#include "google/protobuf/repeated_field.h"

namespace drumfire {

// One line, with the flag, what was found and what was expected, near tags named: InvalidArgument.
absl::StatusOr<std::vector<v1::Goal>> ParseGoodput(absl::string_view text);
// One goal: tag:stat>value or tag:stat<value; stat may be left out for metrics of one value
// (request_error_rate>1).
absl::StatusOr<v1::Goal> ParseFailIf(absl::string_view text);

// A goodput goal ready for use per request: base unit; at most the limit, at least for metrics
// where larger is better.
struct GoodputGoal {
  const Metric* metric;
  double limit;
};
// Goals of the plan, as ParseGoodput made them; those with unknown tags are left out.
std::vector<GoodputGoal> CompileGoodput(const google::protobuf::RepeatedPtrField<v1::Goal>& goals);
// A request without a value for the goal's metric does not meet it.
bool MeetsGoal(const GoodputGoal& goal, const RecordView& view);
bool MeetsGoals(const std::vector<GoodputGoal>& goals, const RecordView& view);

// True when the goal's condition holds for the value, that is, when the run misses the goal.
bool IsMissed(const v1::Goal& goal, double value);
// "time_to_first_token:p99>500".
std::string GoalText(const v1::Goal& goal);

// The goals for a note, with units: "time_to_first_token:p99>500ms".
std::string GoalsAsRead(const std::vector<v1::Goal>& goals);

// Up to three tags of the table that look like the given one, nearest first.
std::vector<std::string> NearTags(absl::string_view tag);

}  // namespace drumfire
