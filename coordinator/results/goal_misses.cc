#include "coordinator/results/goal_misses.h"

#include "common/metrics/record_view.h"

namespace drumfire {

GoalMisses::GoalMisses(const std::vector<GoodputGoal>& goals) {
  for (const GoodputGoal& goal : goals) counts_.push_back({goal});
}

void GoalMisses::Add(const v1::Record& record) {
  if (counts_.empty() || record.outcome() != v1::OUTCOME_COMPLETED) return;
  const RecordView view(record);
  for (GoalMiss& count : counts_) count.missed += MeetsGoal(count.goal, view) ? 0 : 1;
}

}  // namespace drumfire
