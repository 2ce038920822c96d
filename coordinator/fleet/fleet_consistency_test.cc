// Is every way in which workers of one fleet can differ found, and nothing else?
#include "coordinator/fleet/fleet_consistency.h"

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/plan/version.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

WorkerDescription Worker(const std::string& address) {
  WorkerDescription worker;
  worker.address = address;
  worker.version = "0.1.0";
  worker.protocol_version = kProtocolVersion;
  worker.instance_id = "instance of " + address;
  worker.limits.set_cores(8);
  worker.limits.set_max_descriptors(1024);
  worker.limits.set_ephemeral_ports(28232);
  worker.wall_clock = ClockReading{0, kNsPerMs};
  return worker;
}

TEST(FleetConsistencyTest, FindsAnotherProtocol) {
  std::vector<WorkerDescription> workers = {Worker("a:1"), Worker("b:1")};
  workers[1].protocol_version = kProtocolVersion + 1;
  EXPECT_THAT(FindInconsistencies(workers),
              ElementsAre(absl::StrCat("protocol version ", kProtocolVersion + 1, " is not ours, ",
                                       kProtocolVersion, ": b:1")));
  EXPECT_THAT(FindInconsistencies({workers[1]}), ElementsAre(HasSubstr("is not ours")))
      << "a fleet of one has to agree with us, too";
}

TEST(FleetConsistencyTest, FindsWhatDiffers) {
  std::vector<WorkerDescription> workers = {Worker("a:1"), Worker("b:1"), Worker("c:1")};
  workers[1].version = "0.2.0";
  workers[2].limits.set_cores(1.5);
  workers[2].limits.set_max_descriptors(256);
  workers[0].limits.set_ephemeral_ports(100);
  EXPECT_THAT(FindInconsistencies(workers),
              ElementsAre("versions differ: 0.1.0 (a:1, c:1), 0.2.0 (b:1)",
                          "cores differ: 1.5 (c:1), 8 (a:1, b:1)",
                          "descriptors differ: 1024 (a:1, b:1), 256 (c:1)",
                          "ephemeral ports differ: 100 (a:1), 28232 (b:1, c:1)"));
}

TEST(FleetConsistencyTest, FindsAWorkerUnderTwoNames) {
  std::vector<WorkerDescription> workers = {Worker("a:1"), Worker("b:1"), Worker("c:1")};
  workers[2].instance_id = workers[0].instance_id;
  EXPECT_THAT(FindInconsistencies(workers),
              ElementsAre("the same worker under several addresses: a:1, c:1"));
}

TEST(FleetConsistencyTest, FindsClocksThatAreCertainlyApart) {
  std::vector<WorkerDescription> workers = {Worker("a:1"), Worker("b:1")};
  workers[0].wall_clock = ClockReading{8 * kNsPerMs, kNsPerMs};
  workers[1].wall_clock = ClockReading{-6 * kNsPerMs, kNsPerMs};
  EXPECT_THAT(
      FindInconsistencies(workers),
      ElementsAre("wall clocks differ: that of a:1 is at least 12.0 ms ahead of that of b:1"));
  workers[1].wall_clock = ClockReading{-6 * kNsPerMs, 4 * kNsPerMs};
  EXPECT_THAT(FindInconsistencies(workers), IsEmpty()) << "the bound leaves room";
  workers[0].wall_clock = ClockReading{3600 * kNsPerSecond, kNsPerMs};
  workers[1].wall_clock = workers[0].wall_clock;
  EXPECT_THAT(FindInconsistencies(workers), ElementsAre(HasSubstr("ahead of that of this host")));
}

TEST(FleetConsistencyTest, WhatIsNotToldDiffersFromNothing) {
  std::vector<WorkerDescription> workers = {Worker("a:1"), Worker("b:1"), Worker("c:1")};
  for (WorkerDescription& worker : workers) worker.instance_id = "";
  workers[0].limits.Clear();
  workers[1].wall_clock.reset();
  EXPECT_THAT(FindInconsistencies(workers), IsEmpty());
  EXPECT_THAT(FindInconsistencies({}), IsEmpty());
}

TEST(FleetConsistencyTest, LinesAreShortAndPrintable) {
  std::vector<WorkerDescription> workers;
  for (int i = 0; i < 100; ++i) {
    workers.push_back(Worker("w" + std::to_string(i) + ":1"));
    workers.back().version = "\x1b[2J" + std::string(1000, static_cast<char>('a' + i % 10));
  }
  const auto findings = FindInconsistencies(workers);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_LT(findings[0].size(), 600u);
  EXPECT_THAT(findings[0], HasSubstr("(w0:1, w10:1, w20:1 and 7 more)"));
  EXPECT_EQ(findings[0].find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace drumfire
