#include "tests/simulation/faults.h"

#include <array>

namespace drumfire::simulation {
namespace {

constexpr auto kKinds = static_cast<uint32_t>(Fault::kCount);
constexpr double kChance = 0.25;

constexpr std::array<absl::string_view, kKinds> kNames = {"delay",         "clog",
                                                          "split",         "break",
                                                          "repeat",        "lose",
                                                          "reorder",       "late_start",
                                                          "record_delay",  "record_loss",
                                                          "record_repeat", "record_reorder",
                                                          "record_damage", "record_stall",
                                                          "crash",         "pause",
                                                          "restart",       "late_join",
                                                          "never_ready",   "slow_maker",
                                                          "refusals",      "hangs",
                                                          "kill",          "stall",
                                                          "interrupt",     "double_interrupt",
                                                          "disk_full",     "short_writes",
                                                          "sync_fails",    "slow_disk",
                                                          "wall_jump"};

}  // namespace

absl::string_view NameOf(Fault fault) { return kNames[static_cast<uint32_t>(fault)]; }

FaultPlan FaultPlan::Draw(Draws* draws) {
  FaultPlan plan;
  const int64_t quarter = draws->Between(0, 3);
  if (quarter == 0) return plan;
  if (quarter == 1) {
    plan.Set(static_cast<Fault>(draws->Between(0, kKinds - 1)));
    return plan;
  }
  for (uint32_t kind = 0; kind < kKinds; ++kind) {
    if (draws->Chance(kChance)) plan.Set(static_cast<Fault>(kind));
  }
  return plan;
}

}  // namespace drumfire::simulation
