// Does a run on this host start as many workers as it may use, and no more?
#include "coordinator/run/find_workers.h"

#include "common/host/made_up_host.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

uint32_t WorkersUnderQuota(const char* cpu_max) {
  const MadeUpHost host;
  host.Write("proc/self/status", "Cpus_allowed_list:\t0-63\n");
  host.Write("proc/self/cgroup", "0::/\n");
  host.Write("cgroup/cpu.max", cpu_max);
  return DefaultLocalWorkers(host.paths());
}

TEST(DefaultLocalWorkers, AreOnePerTwoCores) { EXPECT_EQ(WorkersUnderQuota("max 100000\n"), 32u); }

TEST(DefaultLocalWorkers, KeepToTheQuota) {
  EXPECT_EQ(WorkersUnderQuota("400000 100000\n"), 2u);
  EXPECT_EQ(WorkersUnderQuota("390000 100000\n"), 1u);
  EXPECT_EQ(WorkersUnderQuota("50000 100000\n"), 1u);
}

TEST(DefaultLocalWorkers, AHostThatTellsNothingHasOneAtLeast) {
  const MadeUpHost host;
  EXPECT_GE(DefaultLocalWorkers(host.paths()), 1u);
}

}  // namespace
}  // namespace drumfire
