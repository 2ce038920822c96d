// Counts how many completed requests missed each goal of --goodput, to show which goal costs the
// most. One thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "common/metrics/summary.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

struct GoalMiss {
  GoodputGoal goal;
  uint64_t missed = 0;
};

class GoalMisses {
 public:
  explicit GoalMisses(const MetricContext& context);

  // Records of requests that were not completed are ignored.
  void Add(const v1::Record& record);
  // Results are in the order of the goals.
  const std::vector<GoalMiss>& counts() const { return counts_; }

 private:
  bool isl_from_usage_;
  std::vector<GoalMiss> counts_;
};

}  // namespace drumfire
