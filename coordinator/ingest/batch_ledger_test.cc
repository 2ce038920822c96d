// Is each batch taken exactly once, in whatever order and however often it comes?
#include "coordinator/ingest/batch_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace drumfire {
namespace {

using Verdict = BatchLedger::Verdict;

TEST(BatchLedgerTest, RefusesNumberZero) {
  BatchLedger ledger;
  EXPECT_EQ(ledger.Take(0), Verdict::kRefused);
  EXPECT_EQ(ledger.complete_up_to(), 0u);
}

TEST(BatchLedgerTest, RefusesNumbersTooFarAhead) {
  BatchLedger ledger;
  EXPECT_EQ(ledger.Take(BatchLedger::kMaxAhead + 1), Verdict::kRefused);
  EXPECT_EQ(ledger.Take(UINT64_MAX), Verdict::kRefused);
  EXPECT_EQ(ledger.missing(), 0u);
  EXPECT_EQ(ledger.Take(BatchLedger::kMaxAhead), Verdict::kNew);
}

TEST(BatchLedgerTest, CountsRepeatsBelowAndAheadOfTheGap) {
  BatchLedger ledger;
  for (uint64_t sequence : {1, 3}) EXPECT_EQ(ledger.Take(sequence), Verdict::kNew);
  for (uint64_t sequence : {1, 3}) EXPECT_EQ(ledger.Take(sequence), Verdict::kRepeat);
  EXPECT_EQ(ledger.repeats(), 2u);
}

TEST(BatchLedgerTest, AGapHoldsTheAckBackUntilItIsClosed) {
  BatchLedger ledger;
  for (uint64_t sequence : {1, 2, 4, 5, 8}) ledger.Take(sequence);
  EXPECT_EQ(ledger.complete_up_to(), 2u);
  EXPECT_EQ(ledger.missing(), 3u);  // 3, 6, 7
  ledger.Take(3);
  EXPECT_EQ(ledger.complete_up_to(), 5u);
  EXPECT_EQ(ledger.missing(), 2u);
}

TEST(BatchLedgerTest, TakesEachOnceInAnyOrder) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<uint64_t> arrivals(50);
    std::iota(arrivals.begin(), arrivals.end(), 1);
    arrivals.insert(arrivals.end(), arrivals.begin(), arrivals.begin() + seed % 50);
    std::shuffle(arrivals.begin(), arrivals.end(), random);
    BatchLedger ledger;
    const auto taken = std::count_if(arrivals.begin(), arrivals.end(), [&](uint64_t sequence) {
      return ledger.Take(sequence) == Verdict::kNew;
    });
    EXPECT_EQ(taken, 50) << "seed " << seed;
    EXPECT_EQ(ledger.complete_up_to(), 50u) << "seed " << seed;
    EXPECT_EQ(ledger.repeats(), seed % 50) << "seed " << seed;
  }
}

}  // namespace
}  // namespace drumfire
