// Are the limits of control groups found, for both versions, in every parent group?
#include "common/host/cgroup.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/host/made_up_host.h"

namespace drumfire {
namespace {

TEST(CgroupTest, WithoutAGroupNothingIsLimited) {
  const MadeUpHost host;
  const Cgroup cgroup(host.paths());
  EXPECT_TRUE(std::isinf(cgroup.QuotaCores()));
  EXPECT_EQ(cgroup.ThrottledSeconds(), 0);
  EXPECT_EQ(cgroup.FreeMemoryBytes(), UINT64_MAX);
}

TEST(CgroupTest, TheTightestGroupOnTheWayUpDecides) {
  const MadeUpHost host;
  host.Write("proc/self/cgroup", "0::/slice/job/task\n");
  host.Write("cgroup/slice/job/task/cpu.max", "max 100000\n");
  host.Write("cgroup/slice/job/cpu.max", "150000 100000\n");
  host.Write("cgroup/slice/cpu.max", "400000 100000\n");
  host.Write("cgroup/slice/job/cpu.stat", "usage_usec 9\nnr_throttled 3\nthrottled_usec 2500000\n");
  host.Write("cgroup/slice/job/memory.max", "1000\n");
  host.Write("cgroup/slice/job/memory.current", "400\n");
  host.Write("cgroup/slice/memory.max", "max\n");
  const Cgroup cgroup(host.paths());
  EXPECT_EQ(cgroup.QuotaCores(), 1.5);
  EXPECT_EQ(cgroup.ThrottledSeconds(), 2.5);
  EXPECT_EQ(cgroup.FreeMemoryBytes(), 600u);
}

TEST(CgroupTest, AContainerSeesItsGroupAsTheRoot) {
  const MadeUpHost host;
  host.Write("proc/self/cgroup", "0::/\n");
  host.Write("cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(Cgroup(host.paths()).QuotaCores(), 0.5);
}

TEST(CgroupTest, ReadsVersion1) {
  const MadeUpHost host;
  // The host's path, which a container cannot see: the controller's root is its own group.
  host.Write("proc/self/cgroup",
             "9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n");
  host.Write("cgroup/cpu,cpuacct/cpu.cfs_quota_us", "250000\n");
  host.Write("cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  host.Write("cgroup/cpu,cpuacct/cpu.stat",
             "nr_periods 5\nnr_throttled 2\nthrottled_time 1500000000\n");
  host.Write("cgroup/memory/memory.limit_in_bytes", "5000\n");
  host.Write("cgroup/memory/memory.usage_in_bytes", "6000\n");
  const Cgroup cgroup(host.paths());
  EXPECT_EQ(cgroup.QuotaCores(), 2.5);
  EXPECT_EQ(cgroup.ThrottledSeconds(), 1.5);
  EXPECT_EQ(cgroup.FreeMemoryBytes(), 0u);
}

TEST(CgroupTest, Version1WithoutQuotaIsNotLimited) {
  const MadeUpHost host;
  host.Write("proc/self/cgroup", "4:cpu:/\n");
  host.Write("cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  host.Write("cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_TRUE(std::isinf(Cgroup(host.paths()).QuotaCores()));
}

}  // namespace
}  // namespace drumfire
