// What one seed runs: plan, fleet, clocks, faults. A pure function of the seed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/endpoint/workload.h"
#include "drumfire/v1/plan.pb.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/mutation.h"

namespace drumfire::simulation {

// Faults begin before this and are healed soon after, ns from the run's begin.
constexpr int64_t kFaultsUntilNs = 1'800'000'000;

struct Scenario {
  uint64_t seed = 0;
  v1::Plan plan;
  uint32_t workers = 1;
  int64_t lease_ns = 0;
  uint64_t record_buffer_bytes = 0;
  bool same_host = false;                // the workers share the coordinator's clock
  std::vector<int64_t> clock_offset_ns;  // by worker
  int64_t latency_ns = 0;                // of control links, usually
  int64_t service_ns = 0;                // the target's mean answer time
  FaultPlan faults;
  Mutation mutation = Mutation::kNone;
};

// How a worker at a place is dialled, and back.
std::string AddressOf(uint32_t place);
uint32_t PlaceOf(const std::string& address);

// A mutation brings the fault that it needs.
Scenario DrawScenario(uint64_t seed, Mutation mutation = Mutation::kNone);

// Turns, lengths and time stamps that are functions of the entry; no text.
std::shared_ptr<const Workload> MakeSimulatedWorkload(const v1::Plan& plan,
                                                      Mutation mutation = Mutation::kNone);

}  // namespace drumfire::simulation
