// Are failures named, ordered and bounded?
#include "coordinator/results/error_summary.h"

#include <string>

#include "common/metrics/test_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::Failed;
using ::testing::HasSubstr;

TEST(ErrorSummaryTest, KindsStayBoundedAndEveryErrorCounts) {
  ErrorSummary errors;
  for (uint64_t k = 0; k < 1000; ++k)
    errors.Add(Failed(k, 0, 500, "Error", ("node" + std::to_string(k)).c_str()));
  const std::vector<ErrorKind> kinds = errors.Kinds();
  EXPECT_EQ(kinds.size(), ErrorSummary::kMaxKinds + 1);
  EXPECT_EQ(kinds[0].count, 1000 - ErrorSummary::kMaxKinds);
  EXPECT_THAT(kinds[0].details.message, HasSubstr("not kept apart"));
  EXPECT_EQ(errors.CountOf(v1::ERROR_HTTP_STATUS), 1000u);
}

TEST(ErrorSummaryTest, MessagesThatDifferByANumberAreOneKindShownByTheFirst) {
  ErrorSummary errors;
  for (uint64_t k = 0; k < 1000; ++k)
    errors.Add(Failed(k, 0, 500, "Error", ("failed after " + std::to_string(k) + " ms").c_str()));
  const std::vector<ErrorKind> kinds = errors.Kinds();
  ASSERT_EQ(kinds.size(), 1u);
  EXPECT_EQ(kinds[0].count, 1000u);
  EXPECT_EQ(kinds[0].details.message, "failed after 0 ms");
}

TEST(ErrorSummaryTest, WhatWeCancelledIsNoErrorButAProxys499Is) {
  v1::Record cancelled;
  cancelled.set_outcome(v1::OUTCOME_CANCELLED);
  EXPECT_TRUE(IsCancellation(DetailsOf(cancelled)));
  EXPECT_FALSE(IsCancellation(DetailsOf(Failed(0, 0, 499, "Client Closed Request", "gone"))));
}

TEST(ErrorSummaryTest, CompletedRecordsAreNoErrors) {
  ErrorSummary errors;
  errors.Add(test_records::Streamed(0, 0));
  EXPECT_TRUE(errors.Kinds().empty());
}

TEST(ErrorSummaryTest, StatusWithoutReasonPhraseStillHasAType) {
  const ErrorDetails details = DetailsOf(Failed(0, 0, 529, "", "overloaded"));
  EXPECT_EQ(details.code, 529u);
  EXPECT_EQ(details.type, "HttpStatus");
}

TEST(ErrorSummaryTest, ErrorInStreamHasNoCode) {
  v1::Record record = Failed(0, 0, 200, "OK", "out of memory");
  record.mutable_error()->set_kind(v1::ERROR_IN_STREAM);
  const ErrorDetails details = DetailsOf(record);
  EXPECT_EQ(details.code, 0u);
  EXPECT_EQ(details.type, "ErrorInStream");
}

}  // namespace
}  // namespace drumfire
