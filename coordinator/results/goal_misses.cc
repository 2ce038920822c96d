#include "coordinator/results/goal_misses.h"

#include "common/metrics/record_view.h"

namespace drumfire {

GoalMisses::GoalMisses(const MetricContext& context) : isl_from_usage_(context.isl_from_usage) {
  for (const GoodputGoal& goal : context.goodput) counts_.push_back({goal});
}

void GoalMisses::Add(const v1::Record& record) {
  if (counts_.empty() || record.outcome() != v1::OUTCOME_COMPLETED) return;
  const RecordView view(record, isl_from_usage_);
  for (GoalMiss& count : counts_) count.missed += MeetsGoal(count.goal, view) ? 0 : 1;
}

}  // namespace drumfire
