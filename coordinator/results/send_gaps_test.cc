// Is the evenness of the sends measured in the schedule's order, whatever order the records come
// in?
#include "coordinator/results/send_gaps.h"

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/metrics/test_records.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::Streamed;

TEST(SendGapsTest, FewerThanTwoGapsHaveNoVariation) {
  SendGaps gaps;
  EXPECT_EQ(gaps.SentVariation(), 0);
  gaps.Add(Streamed(0, 0));
  gaps.Add(Streamed(1, 10));
  EXPECT_EQ(gaps.gaps(), 1u);
  EXPECT_EQ(gaps.SentVariation(), 0);
}

TEST(SendGapsTest, DroppedOrMissingRequestMakesNoGap) {
  SendGaps gaps;
  for (const uint64_t k : {0u, 1u, 3u, 4u, 5u}) {
    v1::Record record = Streamed(k, static_cast<int64_t>(10 * k));
    if (k == 4) record.set_outcome(v1::OUTCOME_DROPPED);
    gaps.Add(record);
  }
  gaps.Finish();
  EXPECT_EQ(gaps.gaps(), 1u);
}

TEST(SendGapsTest, UnevenGapsHaveTheirVariation) {
  SendGaps gaps;
  int64_t sent_ms = 0;
  for (uint64_t k = 0; k <= 100; ++k) {
    gaps.Add(Streamed(k, sent_ms));
    sent_ms += k % 2 == 0 ? 10 : 30;
  }
  EXPECT_NEAR(gaps.SentVariation(), 0.5, 1e-9);
}

TEST(SendGapsTest, ExponentialGapsHaveVariationOneInAnyOrder) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    std::exponential_distribution<double> gap_ms(0.001);
    std::vector<v1::Record> records;
    double sent_ms = 0;
    for (uint64_t k = 0; k < 5000; ++k) {
      records.push_back(Streamed(k, static_cast<int64_t>(sent_ms)));
      sent_ms += gap_ms(random);
    }
    SendGaps in_order, shuffled;
    for (const v1::Record& record : records) in_order.Add(record);
    std::shuffle(records.begin(), records.end(), random);
    for (const v1::Record& record : records) shuffled.Add(record);
    EXPECT_NEAR(in_order.SentVariation(), 1, 0.1);
    EXPECT_EQ(shuffled.SentVariation(), in_order.SentVariation());
    EXPECT_EQ(shuffled.gaps(), 4999u);
  }
}

}  // namespace
}  // namespace drumfire
