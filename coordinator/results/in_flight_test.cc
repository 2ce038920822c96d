// Is the mean number in flight exact, in any order of records?
#include "coordinator/results/in_flight.h"

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/metrics/test_records.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

v1::Record Request(int64_t sent_ns, int64_t end_ns) {
  v1::Record record = test_records::Streamed(0, 0);
  record.set_sent_ns(sent_ns);
  record.set_end_ns(end_ns);
  return record;
}

TEST(InFlightTest, NothingSentIsZero) {
  InFlight in_flight;
  v1::Record dropped;
  dropped.set_outcome(v1::OUTCOME_DROPPED);
  in_flight.Add(dropped);
  EXPECT_EQ(in_flight.MeanWhileSending(), 0);
  EXPECT_EQ(in_flight.MeanOver(0), 0);
}

TEST(InFlightTest, TailAfterTheLastSendDoesNotCount) {
  InFlight in_flight;
  in_flight.Add(Request(0, 100));
  in_flight.Add(Request(0, 1000));
  in_flight.Add(Request(100, 900));
  EXPECT_DOUBLE_EQ(in_flight.MeanWhileSending(), 2);
  EXPECT_EQ(in_flight.last_end_ns(), 1000);
  EXPECT_DOUBLE_EQ(in_flight.MeanOver(1000), 1.9);
}

TEST(InFlightTest, ASlotHeldForTheEndOfTheBodyIsNoLostConcurrency) {
  InFlight in_flight;
  for (int64_t sent_ns = 0; sent_ns <= 1000; sent_ns += 100) {
    v1::Record request = Request(sent_ns, sent_ns + 60);
    request.set_slot_held_ns(40);
    in_flight.Add(request);
  }
  EXPECT_DOUBLE_EQ(in_flight.MeanWhileSending(), 1);
  EXPECT_DOUBLE_EQ(in_flight.MeanOver(1100), 0.6);
  EXPECT_EQ(in_flight.last_end_ns(), 1060);
}

v1::Record TurnAt(uint32_t turn, int64_t sent_ns, int64_t end_ns, int64_t delay_ns = 0) {
  v1::Record record = Request(sent_ns, end_ns);
  record.set_turn(turn);
  record.set_turns(20);
  record.set_turn_delay_ns(delay_ns);
  return record;
}

// Two slots: a long session goes on alone when nothing is left to begin.
TEST(InFlightTest, TurnsAfterTheLastBeginDoNotCount) {
  std::vector<v1::Record> records = {TurnAt(0, 0, 100), TurnAt(0, 100, 200)};
  for (uint32_t turn = 0; turn < 20; ++turn) {
    records.push_back(TurnAt(turn, 100 * turn, 100 * turn + 100));
  }
  for (size_t i = 0; i < records.size(); ++i) {
    std::rotate(records.begin(), records.begin() + 1, records.end());
    InFlight in_flight;
    for (const v1::Record& record : records) in_flight.Add(record);
    EXPECT_EQ(in_flight.last_begin_ns(), 100);
    EXPECT_DOUBLE_EQ(in_flight.MeanWhileSending(), 2);
  }
}

TEST(InFlightTest, ASessionHoldsItsSlotBetweenTwoTurns) {
  InFlight in_flight;
  in_flight.Add(TurnAt(0, 0, 100));
  in_flight.Add(TurnAt(1, 400, 500, /*delay_ns=*/300));
  in_flight.Add(TurnAt(0, 500, 600));
  EXPECT_DOUBLE_EQ(in_flight.MeanWhileSending(), 1);
}

TEST(InFlightTest, EqualsASweepOverTime) {
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    std::vector<v1::Record> records;
    int64_t last_sent_ns = 0;
    for (int i = 0; i < 100; ++i) {
      const auto sent_ns = static_cast<int64_t>(random() % 1000);
      records.push_back(Request(sent_ns, sent_ns + static_cast<int64_t>(random() % 300)));
      last_sent_ns = std::max(last_sent_ns, sent_ns);
    }
    InFlight in_flight;
    double expected = 0;
    for (const v1::Record& record : records) {
      in_flight.Add(record);
      expected += static_cast<double>(std::min(record.end_ns(), last_sent_ns) - record.sent_ns());
    }
    EXPECT_NEAR(in_flight.MeanWhileSending(), expected / static_cast<double>(last_sent_ns), 1e-9);
  }
}

}  // namespace
}  // namespace drumfire
