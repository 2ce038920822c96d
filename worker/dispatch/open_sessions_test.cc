// Does a session hold its slot from its first turn to its last, and are its turns accounted for
// however it ends?
#include "worker/dispatch/open_sessions.h"

#include <string>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::unique_ptr<Exchange> Turn(uint64_t session, uint32_t turn, uint32_t turns) {
  auto exchange = std::make_unique<Exchange>();
  exchange->session = session;
  exchange->turn = turn;
  exchange->turns = turns;
  return exchange;
}

std::unique_ptr<Exchange> Answered(uint64_t session, uint32_t turn, uint32_t turns,
                                   int64_t end_ns = 0) {
  auto exchange = Turn(session, turn, turns);
  exchange->end_ns = end_ns;
  exchange->escaped_text = "reply " + std::to_string(turn);
  return exchange;
}

TEST(OpenSessions, ATurnThatFailsEndsItsSession) {
  for (const v1::Outcome outcome : {v1::OUTCOME_FAILED, v1::OUTCOME_CANCELLED}) {
    OpenSessions sessions;
    sessions.Begin();
    auto failed = Answered(1, 1, 5);
    failed->outcome = outcome;
    EXPECT_EQ(sessions.EndTurn(failed.get()), nullptr);
    EXPECT_EQ(sessions.count(), 0u);
    EXPECT_EQ(sessions.unsent_turns(), 3u);
    EXPECT_EQ(sessions.completed(), 0u);
  }
}

TEST(OpenSessions, AReplyThatWasCutCannotBeRepeated) {
  OpenSessions sessions;
  sessions.Begin();
  auto cut = Answered(1, 0, 3);
  cut->text_cut = true;
  EXPECT_EQ(sessions.EndTurn(cut.get()), nullptr);
  EXPECT_EQ(sessions.unsent_turns(), 2u);
}

TEST(OpenSessions, TheLastTurnCompletesItsSession) {
  OpenSessions sessions;
  sessions.Begin();
  EXPECT_EQ(sessions.EndTurn(Answered(1, 2, 3).get()), nullptr);
  EXPECT_EQ(sessions.count(), 0u);
  EXPECT_EQ(sessions.completed(), 1u);
  EXPECT_EQ(sessions.unsent_turns(), 0u);
}

TEST(OpenSessions, TheNextTurnTakesTheRepliesWithIt) {
  OpenSessions sessions;
  sessions.Begin();
  auto answered = Answered(4, 1, 3, /*end_ns=*/100);
  answered->replies = {"reply 0"};
  answered->over_ns = 120;
  answered->url = 2;
  answered->model = 1;
  answered->entry = 9;
  answered->phase = 1;
  const auto next = sessions.EndTurn(answered.get());
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->session, 4u);
  EXPECT_EQ(next->turn, 2u);
  EXPECT_EQ(next->turns, 3u);
  EXPECT_EQ(next->phase, 1u);
  EXPECT_EQ(next->url, 2u);
  EXPECT_EQ(next->model, 1u);
  EXPECT_EQ(next->entry, 9u);
  EXPECT_EQ(next->ready_ns, 120) << "when the slot of a single request would be free";
  EXPECT_EQ(next->replies, (std::vector<std::string>{"reply 0", "reply 1"}));
  EXPECT_EQ(answered->escaped_text, "reply 1") << "its tokens are still to be counted";
  EXPECT_EQ(sessions.count(), 1u) << "the slot is held";
}

TEST(OpenSessions, NextTurnsComeInTheOrderInWhichTheyAreDue) {
  OpenSessions sessions;
  for (const uint64_t session : {1, 2, 3}) {
    sessions.Begin();
    auto next = sessions.EndTurn(Answered(session, 0, 2).get());
    next->ready_ns = 100 - 10 * static_cast<int64_t>(session);
    sessions.AddNext(std::move(next));
  }
  EXPECT_EQ(sessions.next_due_ns(), 70);
  for (const uint64_t session : {3, 2, 1}) EXPECT_EQ(sessions.TakeNext()->session, session);
  EXPECT_EQ(sessions.next_due_ns(), kNever);
  EXPECT_EQ(sessions.count(), 3u) << "their last turns are in flight";
}

TEST(OpenSessions, StopEndsThoseBetweenTwoTurns) {
  OpenSessions sessions;
  for (int i = 0; i < 3; ++i) sessions.Begin();
  auto made = sessions.EndTurn(Answered(0, 0, 4).get());    // waits for its delay: 3 turns left
  auto unmade = sessions.EndTurn(Answered(1, 1, 4).get());  // is being made: 2 turns left
  sessions.AddNext(std::move(made));
  sessions.Stop();
  EXPECT_EQ(sessions.count(), 1u) << "the third has a turn in flight";
  EXPECT_EQ(sessions.unsent_turns(), 5u);
  sessions.AddNext(std::move(unmade));
  EXPECT_EQ(sessions.next_due_ns(), kNever) << "made too late";
  EXPECT_EQ(sessions.EndTurn(Answered(2, 0, 3).get()), nullptr) << "no session goes on any more";
  EXPECT_EQ(sessions.count(), 0u);
  EXPECT_EQ(sessions.unsent_turns(), 7u);
}

TEST(OpenSessions, ADroppedSessionSendsNoTurn) {
  OpenSessions sessions;
  sessions.Drop(*Turn(1, 0, 4));
  EXPECT_EQ(sessions.count(), 0u);
  EXPECT_EQ(sessions.unsent_turns(), 3u) << "the first has a record";
}

TEST(OpenSessionsDeathTest, AnswersBelongToSessionsThatBegan) {
  OpenSessions sessions;
  EXPECT_DEATH(sessions.EndTurn(Answered(1, 0, 1).get()), "has not begun");
}

}  // namespace
}  // namespace drumfire
