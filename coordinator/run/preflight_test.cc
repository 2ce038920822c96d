// Is a load that the hosts cannot carry refused, with the load that they can?
#include "coordinator/run/preflight.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

v1::Plan PreflightPlan(uint32_t concurrency) {
  v1::Plan plan;
  plan.add_urls("http://a");
  plan.add_phases()->set_concurrency(concurrency);
  return plan;
}

WorkerLimits Worker(uint64_t descriptors, uint32_t ports) {
  WorkerLimits worker;
  worker.address = "w:1";
  worker.limits.set_max_descriptors(descriptors);
  worker.limits.set_ephemeral_ports(ports);
  return worker;
}

TEST(CheckLimits, TooFewDescriptorsNameTheSafeConcurrency) {
  const absl::Status status = CheckLimits(PreflightPlan(3000), {Worker(1128, 0), Worker(1128, 0)});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("at most 2000 with 2 workers"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("ulimit"));
}

TEST(CheckLimits, VeryFewDescriptorsAreALimitToo) {
  const absl::Status status = CheckLimits(PreflightPlan(100), {Worker(64, 0)});
  EXPECT_THAT(std::string(status.message()), HasSubstr("at most 32 with 1 workers"));
  EXPECT_TRUE(CheckLimits(PreflightPlan(2), {Worker(64, 0)}).ok());
}

TEST(CheckLimits, TooFewPortsAreNamed) {
  const absl::Status status = CheckLimits(PreflightPlan(30'000), {Worker(100'000, 28'000)});
  EXPECT_THAT(std::string(status.message()), HasSubstr("ephemeral ports"));
}

TEST(CheckLimits, EnoughIsEnough) {
  EXPECT_TRUE(CheckLimits(PreflightPlan(2000), {Worker(1128, 0), Worker(1128, 0)}).ok());
}

TEST(CheckLimits, UnknownLimitsAreNotJudged) {
  EXPECT_TRUE(CheckLimits(PreflightPlan(1'000'000), {Worker(0, 0)}).ok());
}

}  // namespace
}  // namespace drumfire
