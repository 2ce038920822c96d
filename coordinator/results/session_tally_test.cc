// Are sessions and their turns counted from records in any order?
#include "coordinator/results/session_tally.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

v1::Record Turn(uint64_t session, uint32_t turn, uint32_t turns,
                v1::Outcome outcome = v1::OUTCOME_COMPLETED) {
  v1::Record record;
  record.set_session(session);
  record.set_turn(turn);
  record.set_turns(turns);
  record.set_outcome(outcome);
  return record;
}

SessionTally TallyOf(const std::vector<v1::Record>& records) {
  SessionTally tally;
  for (const v1::Record& record : records) tally.Add(record);
  return tally;
}

TEST(SessionTally, ASingleRequestIsASessionOfOneTurn) {
  const SessionTally tally =
      TallyOf({Turn(0, 0, 1), Turn(1, 0, 1, v1::OUTCOME_FAILED),
               Turn(2, 0, 1, v1::OUTCOME_CANCELLED), Turn(3, 0, 1, v1::OUTCOME_DROPPED)});
  EXPECT_EQ(tally.sessions(), 4u);
  EXPECT_EQ(tally.completed(), 1u);
  EXPECT_EQ(tally.ended_early(), 2u);
  EXPECT_EQ(tally.open(), 0u);
  EXPECT_EQ(tally.turns(), 4u);
  EXPECT_EQ(tally.unrecorded().Sum(), 0u);
}

TEST(SessionTally, ConversationsAreCountedWhateverTheOrderOfTheirRecords) {
  std::vector<v1::Record> records = {
      Turn(0, 0, 3),
      Turn(0, 1, 3),
      Turn(0, 2, 3),  // completed
      Turn(1, 0, 5),
      Turn(1, 1, 5, v1::OUTCOME_FAILED),   // three turns unsent
      Turn(2, 0, 4),                       // open, three turns left
      Turn(3, 0, 2, v1::OUTCOME_DROPPED),  // one turn unsent
  };
  for (int i = 0; i < 7; ++i) {
    std::rotate(records.begin(), records.begin() + 1, records.end());
    const SessionTally tally = TallyOf(records);
    EXPECT_EQ(tally.sessions(), 4u);
    EXPECT_EQ(tally.completed(), 1u);
    EXPECT_EQ(tally.ended_early(), 1u);
    EXPECT_EQ(tally.open(), 1u);
    EXPECT_EQ(tally.turns(), 3u + 5 + 4 + 2);
    EXPECT_EQ(tally.unrecorded().unsent, 3u + 1);
    EXPECT_EQ(tally.unrecorded().open, 3u);
    EXPECT_EQ(tally.unrecorded().missing, 0u);
  }
}

// As of a worker that was lost with its last batches.
TEST(SessionTally, RecordsThatNeverCameAreMissing) {
  const SessionTally tally = TallyOf({
      Turn(0, 2, 3),                      // completed: two are missing
      Turn(1, 1, 5, v1::OUTCOME_FAILED),  // one is missing, three turns unsent
      Turn(2, 2, 4),                      // open: two are missing, one is left
  });
  EXPECT_EQ(tally.sessions(), 3u);
  EXPECT_EQ(tally.completed(), 1u);
  EXPECT_EQ(tally.ended_early(), 1u);
  EXPECT_EQ(tally.open(), 1u);
  EXPECT_EQ(tally.unrecorded().missing, 2u + 1 + 2);
  EXPECT_EQ(tally.unrecorded().unsent, 3u);
  EXPECT_EQ(tally.unrecorded().open, 1u);
  EXPECT_EQ(tally.turns(), 3 + tally.unrecorded().Sum());
}

// A record that says more than it can is no reason to count below zero.
TEST(SessionTally, ATurnBeyondTheLastIsTheLast) {
  const SessionTally tally = TallyOf({Turn(0, 7, 2, v1::OUTCOME_FAILED), Turn(0, 7, 2)});
  EXPECT_EQ(tally.unrecorded().unsent, 0u);
  EXPECT_EQ(tally.unrecorded().open, 0u);
}

}  // namespace
}  // namespace drumfire
