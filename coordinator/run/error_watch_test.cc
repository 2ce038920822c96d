// Do failed requests end the run exactly when the plan says so?
#include "coordinator/run/error_watch.h"

#include <gmock/gmock.h>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

v1::Record Ended(v1::Outcome outcome, uint32_t phase = 0) {
  v1::Record record;
  record.set_phase(phase);
  record.set_outcome(outcome);
  if (outcome == v1::OUTCOME_FAILED) record.mutable_error()->set_message("connection refused");
  return record;
}

v1::Plan PlanOf(uint32_t concurrency, double share, uint64_t in_a_row) {
  v1::Plan plan;
  for (int phase = 0; phase < 2; ++phase) plan.add_phases()->set_concurrency(concurrency);
  if (share >= 0) plan.mutable_error_limits()->set_max_failed_share(share);
  plan.mutable_error_limits()->set_max_consecutive_errors(in_a_row);
  return plan;
}

void AddMany(ErrorWatch* watch, int count, v1::Outcome outcome, uint32_t phase = 0) {
  for (int i = 0; i < count; ++i) watch->Add(Ended(outcome, phase));
}

TEST(ErrorWatch, NoLimitIsNeverReached) {
  ErrorWatch watch(PlanOf(1, -1, 0));
  AddMany(&watch, 1000, v1::OUTCOME_FAILED);
  EXPECT_EQ(watch.reached(), "");
}

TEST(ErrorWatch, ShareCountsFromTheTenthRequest) {
  ErrorWatch watch(PlanOf(1, 0.5, 0));
  AddMany(&watch, 9, v1::OUTCOME_FAILED);
  EXPECT_EQ(watch.reached(), "");
  AddMany(&watch, 1, v1::OUTCOME_FAILED);
  EXPECT_EQ(watch.reached(),
            "10 of 10 requests failed (--failed-request-threshold 0.5); the last one: connection "
            "refused");
}

TEST(ErrorWatch, ShareCountsFromTheConcurrencyWhenThatIsMore) {
  ErrorWatch watch(PlanOf(20, 0, 0));
  AddMany(&watch, 19, v1::OUTCOME_FAILED);
  EXPECT_EQ(watch.reached(), "");
  AddMany(&watch, 1, v1::OUTCOME_COMPLETED);
  EXPECT_EQ(watch.reached(), "19 of 20 requests failed (--failed-request-threshold 0)");
}

TEST(ErrorWatch, TheShareItselfIsAllowed) {
  ErrorWatch watch(PlanOf(1, 0.5, 0));
  AddMany(&watch, 10, v1::OUTCOME_COMPLETED);
  AddMany(&watch, 10, v1::OUTCOME_FAILED);
  EXPECT_EQ(watch.reached(), "");
  AddMany(&watch, 1, v1::OUTCOME_FAILED);
  EXPECT_THAT(watch.reached(), testing::HasSubstr("11 of 21 requests"));
}

TEST(ErrorWatch, ASuccessEndsARowOfFailures) {
  ErrorWatch watch(PlanOf(1, -1, 3));
  AddMany(&watch, 2, v1::OUTCOME_FAILED);
  AddMany(&watch, 1, v1::OUTCOME_COMPLETED);
  AddMany(&watch, 2, v1::OUTCOME_FAILED);
  EXPECT_EQ(watch.reached(), "");
  AddMany(&watch, 1, v1::OUTCOME_FAILED);
  EXPECT_THAT(watch.reached(), testing::HasSubstr("3 requests failed in a row"));
}

TEST(ErrorWatch, CancelledAndDroppedCountAsNeither) {
  ErrorWatch watch(PlanOf(1, 0.1, 3));
  AddMany(&watch, 50, v1::OUTCOME_CANCELLED);
  AddMany(&watch, 2, v1::OUTCOME_FAILED);
  AddMany(&watch, 50, v1::OUTCOME_DROPPED);
  EXPECT_EQ(watch.reached(), "");
  AddMany(&watch, 1, v1::OUTCOME_FAILED);
  EXPECT_THAT(watch.reached(), testing::HasSubstr("3 requests failed in a row"));
}

TEST(ErrorWatch, PhasesCountForThemselves) {
  ErrorWatch watch(PlanOf(1, -1, 3));
  AddMany(&watch, 2, v1::OUTCOME_FAILED, 0);
  AddMany(&watch, 2, v1::OUTCOME_FAILED, 1);
  EXPECT_EQ(watch.reached(), "");
}

TEST(ErrorWatch, APhaseThatThePlanDoesNotHaveIsPassedOver) {
  ErrorWatch watch(PlanOf(1, 0, 3));
  AddMany(&watch, 100, v1::OUTCOME_FAILED, 2);
  EXPECT_EQ(watch.reached(), "");
}

TEST(ErrorWatch, WhatWasReachedFirstStays) {
  ErrorWatch watch(PlanOf(1, -1, 3));
  AddMany(&watch, 100, v1::OUTCOME_FAILED);
  EXPECT_THAT(watch.reached(), testing::HasSubstr("3 requests failed in a row"));
}

}  // namespace
}  // namespace drumfire
