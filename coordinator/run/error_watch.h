// Whether failed requests are to end the run (Plan.error_limits): their share of the finished ones,
// as AIPerf's --failed-request-threshold, and failures in a row. Each phase counts for itself, over
// all workers, in the order in which the records come; cancelled and dropped requests count as
// neither success nor failure.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

class ErrorWatch {
 public:
  // The share is looked at once so many requests are finished, or as many as the phase's
  // concurrency.
  static constexpr uint64_t kLeastFinished = 10;

  explicit ErrorWatch(const v1::Plan& plan);

  // Records of a phase that the plan does not have are passed over.
  void Add(const v1::Record& record);
  // The limit that was passed first, with what was counted at that moment; empty = none.
  const std::string& reached() const { return reached_; }

 private:
  struct Counts {
    uint64_t least_finished = 0;  // before the share is looked at
    uint64_t finished = 0;
    uint64_t failed = 0;
    uint64_t in_a_row = 0;
  };

  bool IsShareTooHigh(const Counts& counts) const;

  const v1::ErrorLimits limits_;
  std::vector<Counts> counts_;  // by phase of the plan
  std::string reached_;
};

}  // namespace drumfire
