// Do affinity, cpuset and quota bound the cores, whichever is tighter?
#include "common/host/allowed_cores.h"

#include <gtest/gtest.h>

#include "common/host/made_up_host.h"

namespace drumfire {
namespace {

constexpr char kEightCores[] = "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n";

TEST(AllowedCoresTest, AHostThatTellsNothingIsNotKnown) {
  const MadeUpHost host;
  EXPECT_EQ(AllowedCores(host.paths()), 0);
}

TEST(AllowedCoresTest, NonsenseIsNotKnown) {
  const MadeUpHost host;
  host.Write("proc/self/status", "Cpus_allowed_list:\tx-y,,-,5-3\n");
  EXPECT_EQ(AllowedCores(host.paths()), 0);
}

TEST(AllowedCoresTest, WithoutAQuotaTheAffinityCounts) {
  const MadeUpHost host;
  host.Write("proc/self/status", "Cpus_allowed_list:\t0-3,8,10-11\n");
  host.Write("proc/self/cgroup", "0::/\n");
  host.Write("cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(AllowedCores(host.paths()), 7);
}

TEST(AllowedCoresTest, AQuotaOfVersion2CapsThem) {
  const MadeUpHost host;
  host.Write("proc/self/status", kEightCores);
  host.Write("proc/self/cgroup", "0::/pod\n");
  host.Write("cgroup/pod/cpu.max", "250000 100000\n");
  EXPECT_EQ(AllowedCores(host.paths()), 2.5);
}

TEST(AllowedCoresTest, AQuotaOfVersion1CapsThem) {
  const MadeUpHost host;
  host.Write("proc/self/status", kEightCores);
  host.Write("proc/self/cgroup", "4:cpu,cpuacct:/docker/abc\n");
  host.Write("cgroup/cpu,cpuacct/cpu.cfs_quota_us", "400000\n");
  host.Write("cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(AllowedCores(host.paths()), 4);
}

// A cpuset narrows the affinity, which the kernel then tells.
TEST(AllowedCoresTest, ACpusetTighterThanTheQuotaCounts) {
  const MadeUpHost host;
  host.Write("proc/self/status", "Cpus_allowed_list:\t5\n");
  host.Write("proc/self/cgroup", "0::/\n");
  host.Write("cgroup/cpu.max", "400000 100000\n");
  EXPECT_EQ(AllowedCores(host.paths()), 1);
}

}  // namespace
}  // namespace drumfire
