// Do check and status name the worker at fault and the cause, and never print a worker's text raw?
#include "coordinator/cli/fleet_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_split.h"
#include "common/clock/clock.h"
#include "common/plan/version.h"
#include "coordinator/cli/fake_inputs.h"
#include "coordinator/cli/fleet_commands.h"
#include "coordinator/export/display_width.h"

namespace drumfire {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

WorkerStatus Reached(const std::string& address) {
  WorkerStatus worker;
  worker.address.dial = address;
  worker.reply.set_version("0.1.0");
  worker.reply.set_protocol_version(kProtocolVersion);
  worker.reply.set_instance_id("id of " + address);
  worker.reply.mutable_limits()->set_host_name("node7");
  worker.reply.mutable_limits()->set_cores(1.5);
  worker.reply.mutable_limits()->set_max_descriptors(65536);
  worker.reply.mutable_limits()->set_free_memory_bytes(uint64_t{3} << 30);
  worker.wall_clock = ClockReading{-1'500'000, 90'000};
  worker.round_trip_ns = 180'000;
  return worker;
}

WorkerStatus Owned(const std::string& address) {
  WorkerStatus worker = Reached(address);
  worker.reply.set_run_id("ab12cd34ab12cd34ab12cd34ab12cd34");
  worker.reply.set_owner("alice@login1, pid 7");
  worker.reply.set_phase("profiling");
  worker.reply.set_owned_ns(720 * kNsPerSecond);
  return worker;
}

std::string ErrorOf(absl::string_view command) {
  std::ostringstream out;
  const auto code = RunFleetCommand(Words(command), FakeInputs(), out);
  EXPECT_EQ(code.status().code(), absl::StatusCode::kInvalidArgument) << command;
  EXPECT_EQ(out.str(), "");
  return std::string(code.status().message());
}

// Without our own certificates.
int CheckPlainly(const std::vector<WorkerStatus>& workers, std::ostream& out) {
  return ReportCheck(workers, {}, out);
}

TEST(FleetCheckTest, BadInputIsOneLine) {
  EXPECT_EQ(ErrorOf("check"), "fleet check requires --workers");
  EXPECT_THAT(ErrorOf("status a:1"), StartsWith("fleet status: found \"a:1\", expected --workers"));
  EXPECT_THAT(ErrorOf("check --worker a:1"), StartsWith("fleet check: found \"--worker\""));
  EXPECT_THAT(ErrorOf("check --workers"), StartsWith("--workers requires a value"));
  EXPECT_THAT(ErrorOf("check --workers a"), StartsWith("--workers: found \"a\""));
  EXPECT_THAT(ErrorOf("check --workers a:1 --timeout 0"), StartsWith("--timeout: found \"0\""));
  EXPECT_THAT(ErrorOf("check --workers a:1 --timeout 1 --timeout 2"),
              HasSubstr("was given 2 values"));
  EXPECT_THAT(ErrorOf("check --workers a:1 --tls-cert x"), StartsWith("--tls-key: found no file"));
  EXPECT_EQ(ErrorOf("check --workers=a:1 --workers b:1 --expect-workers 3"),
            "--workers: found 2 workers, expected 3 as --worker-count says");
}

TEST(FleetCheckTest, NamesWhoCouldNotBeReached) {
  WorkerStatus gone;
  gone.address.dial = "b:1";
  gone.fault = "unreachable: connection refused";
  std::ostringstream out;
  EXPECT_EQ(ReportCheck({Reached("a:1"), gone}, {}, out), 1);
  EXPECT_THAT(out.str(), HasSubstr("worker b:1: unreachable: connection refused\n"));
  EXPECT_THAT(out.str(), HasSubstr("1 of 2 workers not reached\n"));
  EXPECT_THAT(out.str(), Not(HasSubstr("they agree")));
  std::ostringstream owners;
  EXPECT_EQ(ReportOwners({gone}, owners), 1);
  EXPECT_THAT(owners.str(), HasSubstr("not reached"));
}

TEST(FleetCheckTest, SaysWhatDiffers) {
  WorkerStatus other = Reached("b:1");
  other.reply.set_version("0.2.0");
  std::ostringstream out;
  EXPECT_EQ(ReportCheck({Reached("a:1"), other}, {}, out), 1);
  EXPECT_THAT(out.str(), HasSubstr("versions differ: 0.1.0 (a:1), 0.2.0 (b:1)\n"));
}

TEST(FleetCheckTest, ShowsWhatAWorkerIs) {
  std::ostringstream out;
  EXPECT_EQ(ReportCheck({Reached("a:1"), Owned("b:1")}, {}, out), 0);
  for (const char* text : {"a:1", "node7", "0.1.0", "-1.50 ms±90.0 us", "180 us", "1.5", "3.00G",
                           "65536", "1 of 2 idle", "in use: run ab12cd34ab.. of alice@login1"}) {
    EXPECT_THAT(out.str(), HasSubstr(text));
  }
  EXPECT_THAT(out.str(), HasSubstr("2 workers reached; they agree\n"));
}

TEST(FleetCheckTest, WarnsOfCertificatesThatEndSoon) {
  const absl::Time now = absl::FromCivil(absl::CivilDay(2026, 11, 30), absl::UTCTimeZone());
  const absl::Duration day = absl::Hours(24);
  WorkerStatus early = Reached("a:1"), later = Reached("b:1"), fine = Reached("c:1");
  early.certificate_end = now + 3 * day;
  later.certificate_end = now + 13 * day;
  fine.certificate_end = now + 14 * day;
  std::ostringstream out;
  EXPECT_EQ(ReportCheck({later, early, fine}, {now, now + absl::Hours(5), {now + 13 * day}}, out),
            0);
  const std::string text = out.str();
  EXPECT_THAT(text, HasSubstr("    certificate until 2026-12-14, in 14 days\n"));
  EXPECT_THAT(text, HasSubstr("Certificates until: coordinator 2026-11-30, in 5 hours; authority"));
  EXPECT_THAT(text, HasSubstr("warning: the certificate of worker a:1, the first of 2 that end"));
  EXPECT_THAT(text, HasSubstr("warning: the coordinator's certificate ends in 5 hours: renew"));
  EXPECT_THAT(text, HasSubstr("warning: an authority of --tls-ca ends in 13 days: renew"));
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(DisplayWidth(line), 80U) << line;
  }
}

TEST(FleetCheckTest, CertificatesThatLastAreNoWarning) {
  const absl::Time now = absl::UnixEpoch();
  std::ostringstream out;
  const absl::Time end = now + kEndsSoon;
  EXPECT_EQ(ReportCheck({Reached("a:1")}, {now, end, {end, end}}, out), 0);
  EXPECT_THAT(out.str(), Not(HasSubstr("warning")));
}

TEST(FleetStatusTest, ShowsWhoOwnsWhat) {
  std::ostringstream out;
  EXPECT_EQ(ReportOwners({Owned("a:1"), Reached("b:1")}, out), 0);
  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("ab12cd34ab12cd34ab12cd34ab12cd34"), HasSubstr("profiling"),
                    HasSubstr("12 min"), HasSubstr("alice@login1, pid 7"), HasSubstr("idle")));
}

TEST(FleetCheckTest, FitsEightyColumns) {
  WorkerStatus wide = Owned("worker-11.drumfire-workers.load-tests.svc.cluster.local:7070");
  wide.reply.mutable_limits()->set_host_name("a-host-with-a-long-name.example");
  wide.reply.mutable_limits()->set_max_descriptors(1'048'576);
  wide.reply.set_owner("somebody-with-a-long-name@a-host-with-a-long-name.example, pid 123456");
  wide.wall_clock = ClockReading{-1'234'567'890, 90'000'000};
  wide.certificate_end = absl::UnixEpoch() + absl::Hours(30);
  WorkerStatus gone = Reached("b:1");
  gone.fault = std::string(300, 'f');
  for (auto* report : {&CheckPlainly, &ReportOwners}) {
    std::ostringstream out;
    report({wide, Reached("a:1"), gone}, out);
    const std::string text = out.str();
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      EXPECT_LE(DisplayWidth(line), 80U) << line;
    }
  }
}

TEST(FleetStatusTest, HostileBytesDoNotReachTheTerminal) {
  WorkerStatus worker = Owned("a:1");
  for (std::string* text :
       {worker.reply.mutable_run_id(), worker.reply.mutable_owner(), worker.reply.mutable_phase(),
        worker.reply.mutable_version(), worker.reply.mutable_limits()->mutable_host_name()}) {
    *text = "\x1b]0;owned\x07\r\n" + std::string(10'000, 'x');
  }
  for (auto* report : {&CheckPlainly, &ReportOwners}) {
    std::ostringstream out;
    report({worker}, out);
    EXPECT_EQ(out.str().find_first_of("\x1b\x07\r"), std::string::npos);
    EXPECT_LT(out.str().size(), 10'000u);
  }
}

}  // namespace
}  // namespace drumfire
