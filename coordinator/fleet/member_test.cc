// Do stale and repeated messages have no effect?
#include "coordinator/fleet/member.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

using Verdict = Member::Verdict;

Member MakeMember() { return {3, "host:1", 5, "hash"}; }

v1::WorkerMessage Message(uint64_t epoch, uint64_t sequence) {
  v1::WorkerMessage message;
  message.set_epoch(epoch);
  message.set_sequence(sequence);
  message.set_plan_hash("hash");
  message.mutable_demand();
  return message;
}

TEST(Member, OldEpochHasNoEffect) {
  Member member = MakeMember();
  EXPECT_EQ(member.Accept(Message(4, 1), 10), Verdict::kIgnore);
  EXPECT_EQ(member.last_heard_ns(), 0);
}

TEST(Member, OtherPlanHasNoEffect) {
  Member member = MakeMember();
  auto message = Message(5, 1);
  message.set_plan_hash("other");
  EXPECT_EQ(member.Accept(message, 10), Verdict::kIgnore);
}

TEST(Member, RepeatHasNoEffectButShowsLife) {
  Member member = MakeMember();
  EXPECT_EQ(member.Accept(Message(5, 1), 10), Verdict::kTake);
  EXPECT_EQ(member.Accept(Message(5, 1), 20), Verdict::kIgnore);
  EXPECT_EQ(member.last_heard_ns(), 20);
}

TEST(Member, AMissingMessageIsAGap) {
  Member member = MakeMember();
  EXPECT_EQ(member.Accept(Message(5, 2), 10), Verdict::kGap);
  EXPECT_EQ(member.Accept(Message(5, 1), 10), Verdict::kTake);
  EXPECT_EQ(member.Accept(Message(5, 3), 10), Verdict::kGap);
  EXPECT_EQ(member.Accept(Message(5, 2), 10), Verdict::kTake);
}

TEST(Member, ClockRepliesAreOutsideTheNumbering) {
  Member member = MakeMember();
  v1::WorkerMessage reply = Message(5, 0);
  reply.mutable_clock_reply();
  EXPECT_EQ(member.Accept(reply, 10), Verdict::kTake);
  EXPECT_EQ(member.last_heard_ns(), 0) << "a stream answers even when its session hangs";
  EXPECT_EQ(member.Accept(Message(5, 1), 10), Verdict::kTake);
}

TEST(Member, RefusalNeedsNoEnvelope) {
  Member member = MakeMember();
  v1::WorkerMessage refused;
  refused.mutable_refused();
  EXPECT_EQ(member.Accept(refused, 10), Verdict::kTake);
}

TEST(Member, MessagesAreNumberedWithoutGaps) {
  Member member = MakeMember();
  EXPECT_EQ(member.Wrap({}).sequence(), 1u);
  v1::CoordinatorMessage probe;
  probe.mutable_clock_probe();
  EXPECT_EQ(member.Wrap(probe).sequence(), 0u);
  const auto second = member.Wrap({});
  EXPECT_EQ(second.sequence(), 2u);
  EXPECT_EQ(second.epoch(), 5u);
  EXPECT_EQ(second.plan_hash(), "hash");
}

}  // namespace
}  // namespace drumfire
