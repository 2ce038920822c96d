// Are limits read right on every kind of host, and is a host that tells nothing taken as it is?
#include "worker/health/host_limits.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "common/clock/clock.h"
#include "common/host/made_up_host.h"
#include "worker/health/usage_meter.h"

namespace drumfire {
namespace {

TEST(HostLimitsTest, AHostThatTellsNothingHasNoLimitsKnown) {
  const MadeUpHost host;
  const v1::HostLimits limits = ReadHostLimits(host.paths());
  EXPECT_EQ(limits.ByteSizeLong(), 0u) << limits.ShortDebugString();
}

TEST(HostLimitsTest, NonsenseIsTakenAsNotKnown) {
  const MadeUpHost host;
  host.Write("proc/self/limits", "Max open files            unlimited            unlimited");
  host.Write("proc/sys/net/ipv4/ip_local_port_range", "60999 32768\n");
  host.Write("proc/meminfo", "MemAvailable: lots kB\n");
  host.Write("proc/self/status", "Cpus_allowed_list:\tx-y,,-,5-3\n");
  host.Write("proc/self/cgroup", "::\n0\n0::/a\n\n");
  host.Write("cgroup/a/cpu.max", "100000\n");
  const v1::HostLimits limits = ReadHostLimits(host.paths());
  EXPECT_EQ(limits.ByteSizeLong(), 0u) << limits.ShortDebugString();
}

TEST(HostLimitsTest, ReadsAWholeHost) {
  const MadeUpHost host;
  host.Write("proc/self/limits",
             "Limit                     Soft Limit           Hard Limit           Units\n"
             "Max processes             127543               127543               processes\n"
             "Max open files            1024                 1048576              files\n");
  host.Write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
  host.Write("proc/meminfo", "MemTotal:  16000 kB\nMemFree:  100 kB\nMemAvailable:  8000 kB\n");
  host.Write("proc/self/status", "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8,10-11\n");
  host.Write("proc/sys/kernel/hostname", "node-7\n");
  host.Write("proc/sys/kernel/random/boot_id", "1b4e28ba-2fa1-11d2\n");
  const v1::HostLimits limits = ReadHostLimits(host.paths());
  EXPECT_EQ(limits.max_descriptors(), 1024u);
  EXPECT_EQ(limits.ephemeral_ports(), 28232u);
  EXPECT_EQ(limits.free_memory_bytes(), 8000u * 1024);
  EXPECT_EQ(limits.cores(), 7.0);
  EXPECT_EQ(limits.host_name(), "node-7");
  EXPECT_EQ(limits.host_id(), "1b4e28ba-2fa1-11d2");
}

TEST(HostLimitsTest, ARangeOfOnePortIsOnePort) {
  const MadeUpHost host;
  host.Write("proc/sys/net/ipv4/ip_local_port_range", "32768\t32768\n");
  EXPECT_EQ(ReadHostLimits(host.paths()).ephemeral_ports(), 1u);
}

TEST(HostLimitsTest, ThisHostTellsAllItsLimits) {
  const v1::HostLimits limits = ReadHostLimits();
  EXPECT_GT(limits.max_descriptors(), 0u);
  EXPECT_GT(limits.ephemeral_ports(), 0u);
  EXPECT_GT(limits.cores(), 0.0);
  EXPECT_GT(limits.free_memory_bytes(), 0u);
}

TEST(UsageMeterTest, CountsFromTheBeginningOfThePhase) {
  const MadeUpHost host;
  host.Write("proc/self/cgroup", "0::/\n");
  host.Write("proc/self/statm", "900 25 3 0 0 0 0\n");
  host.Write("proc/self/status", "Cpus_allowed_list:\t0-1\n");
  host.Write("cgroup/cpu.stat", "throttled_usec 1000000\n");
  UsageMeter meter(5 * kNsPerSecond, host.paths());
  host.Write("cgroup/cpu.stat", "throttled_usec 3000000\n");
  v1::WorkerHealth health;
  meter.Fill(9 * kNsPerSecond, &health);
  EXPECT_EQ(health.wall_seconds(), 4.0);
  EXPECT_EQ(health.throttled_seconds(), 2.0);
  EXPECT_EQ(health.cores_allowed(), 2.0);
  EXPECT_EQ(health.resident_bytes() % 25, 0u);
  EXPECT_GT(health.resident_bytes(), 0u);
  EXPECT_GE(health.cpu_seconds(), 0.0);
  meter.Begin(9 * kNsPerSecond);
  meter.Fill(9 * kNsPerSecond, &health);
  EXPECT_EQ(health.wall_seconds(), 0.0);
  EXPECT_EQ(health.throttled_seconds(), 0.0);
}

TEST(UsageMeterTest, TellsWhatWentOnBesideIt) {
  const MadeUpHost host;
  host.Write("proc/stat", "cpu  1000 0 500 9000 10 0 0 100 0 0\ncpu0 1 2 3\n");
  UsageMeter meter(0, host.paths());
  host.Write("proc/stat", "cpu  1900 100 1500 9000 10 50 50 350 0 0\ncpu0 1 2 3\n");
  v1::WorkerHealth health;
  meter.Fill(10 * kNsPerSecond, &health);
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  EXPECT_NEAR(health.other_cpu_seconds() + health.cpu_seconds(), 2100 / ticks, 1e-6);
  EXPECT_NEAR(health.stolen_cpu_seconds(), 250 / ticks, 1e-6);
}

TEST(UsageMeterTest, AHostThatTellsNothingHasNoOtherUse) {
  const MadeUpHost host;
  host.Write("proc/stat", "intr 5\n");
  v1::WorkerHealth health;
  UsageMeter(0, host.paths()).Fill(1, &health);
  EXPECT_EQ(health.other_cpu_seconds(), 0);
  EXPECT_EQ(health.stolen_cpu_seconds(), 0);
}

TEST(UsageMeterTest, WorkCostsCpuTime) {
  const double before = ProcessCpuSeconds();
  while (ProcessCpuSeconds() == before) continue;
  EXPECT_GT(ProcessCpuSeconds(), before);
}

}  // namespace
}  // namespace drumfire
