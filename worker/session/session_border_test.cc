// Does a worker refuse, with its cause, all that no honest coordinator says, before any of it has
// an effect?
#include <functional>
#include <string>
#include <vector>

#include "common/plan/validate_plan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "worker/session/session_fixture.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Message = v1::CoordinatorMessage;

struct Lie {
  const char* name;
  std::function<void(Message*)> fill;
  const char* failure;  // part of it
};

void FillGrant(Message* message, uint64_t first, uint64_t count, uint64_t stride) {
  v1::Grant* grant = message->mutable_grant();
  grant->set_first(first);
  grant->set_count(count);
  grant->set_stride(stride);
}

class SessionBorderTest : public SessionFixture {
 protected:
  void ToIdle() {
    session_.OnMessage(Hello(), 0);
    host_.calls.clear();
  }
  void Say(const std::function<void(Message*)>& fill) {
    auto message = Envelope();
    fill(&message);
    session_.OnMessage(message, 0);
  }
  void ExpectOnlyFailure(const Lie& lie) {
    Say(lie.fill);
    EXPECT_THAT(Failure(), HasSubstr(lie.failure));
    EXPECT_THAT(host_.calls, ElementsAre("close:" + Failure())) << "and nothing before it";
  }
};

const Lie kInPhase[] = {
    {"GrantOfAnotherPhase", [](Message* m) { m->mutable_grant()->set_phase(1); },
     "Grant: found phase 1, but phase 0 is in hand"},
    {"SlotsOfAnotherPhase", [](Message* m) { m->mutable_slot_change()->set_phase(1); },
     "SlotChange: found phase 1"},
    {"DrainOfAnotherPhase", [](Message* m) { m->mutable_drain()->set_phase(4'000'000'000); },
     "Drain: found phase 4000000000"},
    {"CancelOfAnotherPhase", [](Message* m) { m->mutable_cancel()->set_phase(UINT32_MAX); },
     "Cancel: found phase 4294967295"},
    {"SlotsBeyondThePlan", [](Message* m) { m->mutable_slot_change()->set_slots(UINT32_MAX); },
     "SlotChange: slots: found 4294967295, expected at most the plan's concurrency of 8"},
    {"AnEndlessGraceThatIsNoneKnown", [](Message* m) { m->mutable_drain()->set_grace_ns(-2); },
     "Drain: grace_ns: found -2"},
    {"AGraceThatOverflows", [](Message* m) { m->mutable_drain()->set_grace_ns(INT64_MAX); },
     "Drain: grace_ns: found"},
    {"AFarSession", [](Message* m) { FillGrant(m, uint64_t{1} << 62, 1, 1); },
     "Grant: credits: found 1 from session 4611686018427387904"},
    {"ARangeThatOverflows", [](Message* m) { FillGrant(m, 1, UINT64_MAX, UINT64_MAX); },
     "Grant: credits: found"},
    {"OneSessionManyTimes", [](Message* m) { FillGrant(m, 1, 2, 0); }, "Grant: credits: found"},
    {"ARangeThatEndsBeyond",
     [](Message* m) { FillGrant(m, plan_limits::kMaxRequestCount - 2, 2, 2); },
     "expected sessions below 1000000000000"},
};

class LieInAPhaseTest : public SessionBorderTest, public testing::WithParamInterface<Lie> {};
INSTANTIATE_TEST_SUITE_P(Lies, LieInAPhaseTest, testing::ValuesIn(kInPhase),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(LieInAPhaseTest, EndsTheRunWithItsCause) {
  ToRunning();
  ExpectOnlyFailure(GetParam());
}

const Lie kPrepares[] = {
    {"APhaseBeyondThePlan", [](Message* m) { m->mutable_prepare()->set_phase(2); },
     "Prepare: found phase 2, expected one from 0 on and below 2"},
    {"APhaseBeyondAnInt", [](Message* m) { m->mutable_prepare()->set_phase(UINT32_MAX); },
     "Prepare: found phase 4294967295"},
    {"SlotsBeyondThePlan", [](Message* m) { m->mutable_prepare()->set_slots(9); },
     "Prepare: slots: found 9"},
    {"CreditsOfAnotherPhase",
     [](Message* m) {
       m->mutable_prepare()->mutable_first_grant()->set_phase(1);
       m->mutable_prepare()->mutable_first_grant()->set_count(1);
     },
     "Prepare: found credits of phase 1, expected phase 0"},
    {"CreditsBeyondThePlan",
     [](Message* m) {
       m->mutable_prepare()->set_phase(1);
       m->mutable_prepare()->mutable_first_grant()->set_phase(1);
       m->mutable_prepare()->mutable_first_grant()->set_first(100);
       m->mutable_prepare()->mutable_first_grant()->set_count(1);
     },
     "expected sessions below 100"},
};

class LyingPrepareTest : public SessionBorderTest, public testing::WithParamInterface<Lie> {};
INSTANTIATE_TEST_SUITE_P(Lies, LyingPrepareTest, testing::ValuesIn(kPrepares),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(LyingPrepareTest, EndsTheRunWithItsCause) {
  ToIdle();
  ExpectOnlyFailure(GetParam());
}

const Lie kWithoutAPhase[] = {
    {"Grant", [](Message* m) { m->mutable_grant(); }, "Grant: found phase 0, but no phase"},
    {"SlotChange", [](Message* m) { m->mutable_slot_change(); }, "SlotChange: found phase 0"},
    {"Drain", [](Message* m) { m->mutable_drain(); }, "Drain: found phase 0"},
    {"Cancel", [](Message* m) { m->mutable_cancel(); }, "Cancel: found phase 0"},
    {"Start", [](Message* m) { m->mutable_start(); }, "Start before Prepared"},
};

class NoPhaseTest : public SessionBorderTest, public testing::WithParamInterface<Lie> {};
INSTANTIATE_TEST_SUITE_P(Messages, NoPhaseTest, testing::ValuesIn(kWithoutAPhase),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(NoPhaseTest, AMessageOfAPhaseEndsTheRun) {
  ToIdle();
  ExpectOnlyFailure(GetParam());
}

TEST_P(NoPhaseTest, AMessageOfAPhaseEndsARunThatLoads) {
  host_.needs = {"x"};
  ToIdle();
  ExpectOnlyFailure(GetParam());
}

TEST_F(SessionBorderTest, AStartOfAnotherTimeOrPhaseEndsTheRun) {
  const Lie lies[] = {
      {"", [](Message* m) { m->mutable_start()->set_phase(1); }, "Start: found phase 1"},
      {"", [](Message* m) { m->mutable_start()->set_start_ns(INT64_MAX); }, "start_ns: found"},
      {"", [](Message* m) { m->mutable_start()->set_start_ns(INT64_MIN); }, "start_ns: found"},
  };
  for (const Lie& lie : lies) {
    host_ = FakeHost();
    Session session(&host_);
    sequence_ = 0;
    session.OnMessage(Hello(), 0);
    auto prepare = Envelope();
    prepare.mutable_prepare();
    session.OnMessage(prepare, 0);
    session.OnPrepared({});
    host_.calls.clear();
    auto start = Envelope();
    lie.fill(&start);
    session.OnMessage(start, 0);
    EXPECT_THAT(Failure(), HasSubstr(lie.failure));
    EXPECT_THAT(host_.calls, ElementsAre("close:" + Failure()));
  }
}

// Every session once at most, so their number bounds all grants together.
TEST_F(SessionBorderTest, GrantsMayNotHoldMoreThanThePhase) {
  ToIdle();
  Say([](Message* m) {
    m->mutable_prepare()->set_phase(1);
    m->mutable_prepare()->mutable_first_grant()->set_phase(1);
    m->mutable_prepare()->mutable_first_grant()->set_count(60);
    m->mutable_prepare()->mutable_first_grant()->set_stride(1);
  });
  EXPECT_THAT(Failure(), IsEmpty());
  Say([](Message* m) {
    FillGrant(m, 50, 41, 1);
    m->mutable_grant()->set_phase(1);
  });
  EXPECT_THAT(Failure(), HasSubstr("credits: found 41 after 60, expected at most 100"));
}

TEST_F(SessionBorderTest, AnAckOfABatchThatWasNeverMadeEndsTheRun) {
  ToRunning();
  host_.ack_error = absl::InvalidArgumentError("ack of batch 9");
  Say([](Message* m) { m->mutable_record_ack()->set_sequence(9); });
  EXPECT_EQ(Failure(), "RecordAck: ack of batch 9");
}

TEST_F(SessionBorderTest, ABufferWithoutBoundIsRefused) {
  auto hello = Hello();
  hello.mutable_hello()->set_record_buffer_bytes(UINT64_MAX);
  session_.OnMessage(hello, 0);
  EXPECT_THAT(host_.sent.at(0).refused().reason(), HasSubstr("record_buffer_bytes: found"));
  EXPECT_THAT(host_.calls, ElementsAre("close:" + host_.sent.at(0).refused().reason()));
}

}  // namespace
}  // namespace drumfire
