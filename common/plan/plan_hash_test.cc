// Does the hash name the plan's content, and nothing else?
#include "common/plan/plan_hash.h"

#include <gtest/gtest.h>

#include "common/plan/digest.h"

namespace drumfire {
namespace {

v1::Plan SamplePlan() {
  v1::Plan plan;
  plan.set_seed(7);
  plan.add_urls("http://127.0.0.1:8000");
  plan.add_models("m");
  plan.add_phases()->set_request_rate(2.5);
  return plan;
}

TEST(PlanHashTest, ChangesWithEveryField) {
  const std::string hash = PlanHash(SamplePlan());
  v1::Plan other = SamplePlan();
  other.set_seed(8);
  EXPECT_NE(PlanHash(other), hash);
  other = SamplePlan();
  other.mutable_phases(0)->set_request_rate(2.5000000001);
  EXPECT_NE(PlanHash(other), hash);
}

TEST(PlanHashTest, SurvivesTheWire) {
  const v1::Plan plan = SamplePlan();
  v1::Plan received;
  ASSERT_TRUE(received.ParseFromString(SerializePlan(plan)));
  EXPECT_EQ(PlanHash(received), PlanHash(plan));
  EXPECT_EQ(PlanHash(plan).size(), kDigestBytes);
}

}  // namespace
}  // namespace drumfire
