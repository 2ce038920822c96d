// Which of the code's rare points (common/buggify) fire in a run: none in a calm one; in the others
// each is switched on with a chance of 25 %, and then fires with 25 %. A function of the seed.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "tests/simulation/faults.h"
#include "tests/simulation/world.h"

namespace drumfire::simulation {

class BuggifyPoints {
 public:
  BuggifyPoints(uint64_t seed, const FaultPlan& faults)
      : draws_(seed, Draws::Concern::kBuggify), calm_(faults.calm()) {}

  bool Fires(const std::string& name) {
    if (calm_) return false;
    const auto [on, is_new] = on_.try_emplace(name, false);
    if (is_new) on->second = draws_.Chance(kShare);
    const bool fires = on->second && draws_.Chance(kShare);
    if (fires) fired_.insert(name);
    return fires;
  }
  // Names of those that did.
  const std::set<std::string>& fired() const { return fired_; }

 private:
  static constexpr double kShare = 0.25;

  Draws draws_;
  const bool calm_;
  std::map<std::string, bool> on_;
  std::set<std::string> fired_;
};

}  // namespace drumfire::simulation
