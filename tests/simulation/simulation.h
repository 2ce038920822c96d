// One seed, one run, one verdict.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "tests/simulation/mutation.h"

namespace drumfire::simulation {

struct Outcome {
  // The first one that was violated; empty = all held.
  std::string invariant;
  std::string text;
  uint64_t trace_hash = 0;  // the same for the same seed
  uint64_t steps = 0;
  uint64_t requests = 0;
  uint64_t lost_workers = 0;
  uint64_t taken_over = 0;  // requests that were sent by a second worker
  uint64_t returned_workers = 0;
  uint64_t joined_workers = 0;  // of these, amid a phase

  std::set<std::string> buggify_points;  // names of the points that fired

  bool ok() const { return invariant.empty(); }
};

Outcome Simulate(uint64_t seed, Mutation mutation = Mutation::kNone, bool talks = false);

}  // namespace drumfire::simulation
