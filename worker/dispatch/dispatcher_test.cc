// Are requests sent when they are due and a slot is free, never otherwise, and is each accounted
// for once?
#include "worker/dispatch/dispatcher.h"

#include <vector>

#include "common/clock/clock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

// Keeps what was sent until the test lets it finish.
class FakeEngine : public Engine {
 public:
  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t) override { return count; }
  void OpenAhead(uint32_t, uint32_t) override {}
  void Send(std::unique_ptr<Exchange> exchange) override {
    exchange->sent_ns = now_ns;
    if (fail_at_once) {
      exchange->outcome = v1::OUTCOME_FAILED;
      exchange->end_ns = now_ns;
      return dispatcher->OnFinished(std::move(exchange));
    }
    flying.push_back(std::move(exchange));
  }
  void Poll(int64_t, bool) override {}
  void CancelAll() override {
    while (!flying.empty()) Finish(0, v1::OUTCOME_CANCELLED);
  }
  void Wake() override {}
  uint32_t in_flight() const override { return static_cast<uint32_t>(flying.size()); }
  EngineCounters counters() const override { return {}; }
  int64_t woke_ns() const override { return 0; }
  const char* name() const override { return "fake"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

  void Finish(size_t index, v1::Outcome outcome = v1::OUTCOME_COMPLETED) {
    std::unique_ptr<Exchange> exchange = std::move(flying[index]);
    flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(index));
    exchange->outcome = outcome;
    exchange->end_ns = now_ns;
    dispatcher->OnFinished(std::move(exchange));
  }

  Dispatcher* dispatcher = nullptr;
  std::vector<std::unique_ptr<Exchange>> flying;
  int64_t now_ns = 0;
  bool fail_at_once = false;
};

class DispatcherTest : public testing::Test {
 protected:
  void Make(PhaseSettings settings) {
    lease_.ExtendTo(kNever);
    dispatcher_ = std::make_unique<Dispatcher>(
        settings, &engine_, &queue_, &lease_, &usage_refusal_,
        [this](std::unique_ptr<Exchange> done) { records_.push_back(std::move(done)); });
    engine_.dispatcher = dispatcher_.get();
  }

  // Hands out credits due at these times (-1 = closed loop).
  void Grant(const std::vector<int64_t>& due_ns, bool last = true) {
    for (const int64_t due : due_ns) {
      auto exchange = std::make_unique<Exchange>();
      exchange->k = granted_++;
      exchange->intended_ns = due;
      exchange->body = std::make_shared<const std::string>("{}");
      queue_.Push(&exchange);
    }
    dispatcher_->OnGranted(granted_, last);
  }

  int64_t Step(int64_t now_ns) {
    engine_.now_ns = now_ns;
    return dispatcher_->Step(now_ns);
  }

  FakeClock clock_;
  Lease lease_{clock_};
  UsageRefusal usage_refusal_;
  FakeEngine engine_;
  ReadyQueue queue_{1000, 1 << 20, {[] {}, [] {}}};
  std::unique_ptr<Dispatcher> dispatcher_;
  std::vector<std::unique_ptr<Exchange>> records_;
  uint64_t granted_ = 0;
};

TEST_F(DispatcherTest, SendsNothingBeforeTheStart) {
  Make({.slots = 4});
  Grant({-1, -1});
  EXPECT_EQ(Step(100), kNever);
  dispatcher_->Start(1000);
  EXPECT_EQ(Step(999), 1000);
  EXPECT_EQ(engine_.in_flight(), 0u);
  Step(1000);
  EXPECT_EQ(engine_.in_flight(), 2u);
}

// The wait for a body that does not end is slot wait, not send delay.
TEST_F(DispatcherTest, ASlotIsFreeWhenTheBodyIsOverNotWhenTheAnswerEnded) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  engine_.now_ns = 500;
  engine_.flying[0]->over_ns = 600;
  engine_.Finish(0);
  ASSERT_EQ(engine_.flying.size(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 600);
}

TEST_F(DispatcherTest, OpenLoopWaitsForEachDueTime) {
  Make({.open_loop = true});
  Grant({0, 50, 90});
  dispatcher_->Start(1000);
  EXPECT_EQ(Step(1000), 1050);
  EXPECT_EQ(Step(1060), 1090);
  EXPECT_EQ(engine_.flying[1]->intended_ns, 1050);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 1050);
  EXPECT_EQ(Step(1090), kNever);
  EXPECT_FALSE(dispatcher_->done());
}

TEST_F(DispatcherTest, ClosedLoopRefillsASlotAtOnce) {
  Make({.slots = 2});
  Grant({-1, -1, -1});
  dispatcher_->Start(0);
  Step(5);
  ASSERT_EQ(engine_.in_flight(), 2u);
  engine_.now_ns = 70;
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[1]->k, 2u);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 70);
}

TEST_F(DispatcherTest, CapMakesDueRequestsWaitAndSaysSo) {
  Make({.open_loop = true, .slots = 1});
  Grant({0, 10});
  dispatcher_->Start(0);
  Step(20);
  EXPECT_EQ(engine_.in_flight(), 1u);
  engine_.now_ns = 500;
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->intended_ns, 10);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 500);
  EXPECT_EQ(dispatcher_->slot_waits().count, 1u);
  EXPECT_EQ(dispatcher_->slot_waits().total_ns, 490);
}

TEST_F(DispatcherTest, LateRequestsAreDroppedWhenAskedTo) {
  Make({.open_loop = true, .drop_after_ns = 5});
  Grant({0, 10, 100});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(12), 100);
  EXPECT_EQ(records_.size(), 1u);
  EXPECT_EQ(records_[0]->outcome, v1::OUTCOME_DROPPED);
  EXPECT_EQ(dispatcher_->totals().dropped(), 1u);
  EXPECT_EQ(dispatcher_->totals().sent(), 1u);
}

TEST_F(DispatcherTest, DropBehindFullSlotsIsNotSendDelay) {
  Make({.open_loop = true, .slots = 1, .drop_after_ns = 5});
  Grant({0, 10});
  dispatcher_->Start(0);
  Step(0);
  Step(40);
  ASSERT_EQ(records_.size(), 1u);
  EXPECT_EQ(records_[0]->intended_ns, 10);
  EXPECT_EQ(records_[0]->ready_ns, 40);
}

TEST_F(DispatcherTest, DurationStopsSendingAndGraceCancels) {
  Make({.slots = 1, .duration_ns = 100, .grace_ns = 50});
  Grant({-1, -1, -1});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(0), 100);
  EXPECT_EQ(Step(120), 150);
  EXPECT_EQ(dispatcher_->totals().unsent(), 2u);
  EXPECT_FALSE(dispatcher_->done());
  Step(150);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().cancelled(), 1u);
}

TEST_F(DispatcherTest, LateWakeUpAtTheEndCostsNoRequestDueBeforeIt) {
  Make({.open_loop = true, .duration_ns = 100, .grace_ns = 50});
  Grant({0, 99, 100});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(0), 99);
  Step(110);
  EXPECT_EQ(dispatcher_->totals().sent(), 2u);
  EXPECT_EQ(dispatcher_->totals().unsent(), 1u);
}

TEST_F(DispatcherTest, DrainLetsFlightsLand) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  dispatcher_->Drain(10, 1000);
  engine_.now_ns = 20;
  engine_.Finish(0);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().completed(), 1u);
  EXPECT_EQ(dispatcher_->totals().unsent(), 1u);
}

TEST_F(DispatcherTest, CancelBeforeTheStartIsDone) {
  Make({.slots = 1});
  Grant({-1});
  dispatcher_->Cancel();
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().unsent(), 1u);
}

TEST_F(DispatcherTest, SendsThatFailAtOnceDoNotRecurse) {
  Make({.slots = 1});
  engine_.fail_at_once = true;
  Grant(std::vector<int64_t>(900, -1));
  dispatcher_->Start(0);
  Step(0);
  EXPECT_EQ(dispatcher_->totals().failed(), 900u);
  EXPECT_TRUE(dispatcher_->done());
}

TEST_F(DispatcherTest, NotDoneWhileCreditsMayCome) {
  Make({.slots = 1});
  Grant({}, false);
  dispatcher_->Start(0);
  Step(0);
  EXPECT_FALSE(dispatcher_->done());
  Grant({}, true);
  EXPECT_TRUE(dispatcher_->done());
}

TEST_F(DispatcherTest, NothingIsSentOnceTheLeaseIsOver) {
  Make({.open_loop = true});
  lease_.ExtendTo(100);
  Grant({0, 50, 120});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(0), 50);
  EXPECT_EQ(Step(50), 100) << "wakes up when the lease ends, not when the next request is due";
  clock_.Advance(100);
  Step(100);
  EXPECT_TRUE(dispatcher_->lease_expired());
  EXPECT_EQ(engine_.in_flight(), 0u);
  EXPECT_EQ(records_.size(), 2u);
  EXPECT_EQ(records_[0]->outcome, v1::OUTCOME_CANCELLED);
  lease_.ExtendTo(kNever);
  Step(130);
  EXPECT_EQ(engine_.in_flight(), 0u) << "an expired phase stays over";
}

// A process that was stopped wakes up with answers at hand whose stamps lie before the lease's end.
TEST_F(DispatcherTest, AnAnswerAfterTheLeaseFreesNoSlot) {
  Make({.slots = 1});
  lease_.ExtendTo(100);
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  clock_.Advance(500);
  engine_.now_ns = 60;
  engine_.Finish(0);
  EXPECT_EQ(engine_.in_flight(), 0u);
}

TEST_F(DispatcherTest, EarlierCreditsThatComeLaterAreSentFirst) {
  Make({.open_loop = true});
  granted_ = 10;
  Grant({100, 200}, false);
  dispatcher_->Start(0);
  Step(0);
  granted_ = 2;
  Grant({20});
  EXPECT_EQ(dispatcher_->LowestUnsent(), 2u);
  Step(20);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->k, 2u);
  EXPECT_EQ(dispatcher_->LowestUnsent(), 10u);
}

TEST_F(DispatcherTest, ANewSlotIsFreeSinceItWasGiven) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  dispatcher_->SetSlots(2, 700);
  Step(701);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 700);
}

// A worker that came back has had its slots only since then: the time before is not its delay.
TEST_F(DispatcherTest, WhoJoinsAPhaseThatRunsIsNotLateSinceItsStart) {
  Make({.slots = 2});
  Grant({-1, -1, -1});
  dispatcher_->Join(1000, 7'000);
  Step(7'002);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 7'000);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 7'000);
  engine_.now_ns = 9'000;
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 9'000);
}

// While it was prepared the others' shares changed once more.
TEST_F(DispatcherTest, WhoJoinsWithMoreSlotsThanItWasPreparedForHasAllSinceThen) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->SetSlots(2, 500);
  dispatcher_->Join(100, 700);
  Step(701);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 700);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 700);
}

TEST_F(DispatcherTest, WhoJoinsAnOpenLoopIsDueByTheSchedule) {
  Make({.open_loop = true, .slots = 2});
  Grant({50});
  dispatcher_->Join(1000, 7'000);
  Step(7'000);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 1050);
}

// Others take part from now on: what is in flight may end, and so many slots are gone with it.
TEST_F(DispatcherTest, ASlotThatIsGoneIsNotUsedAgain) {
  Make({.slots = 3});
  Grant({-1, -1, -1, -1, -1});
  dispatcher_->Start(0);
  Step(0);
  ASSERT_EQ(engine_.in_flight(), 3u);
  dispatcher_->SetSlots(1, 100);
  EXPECT_EQ(dispatcher_->slot_changes(), 1u);
  engine_.now_ns = 200;
  engine_.Finish(0);
  engine_.now_ns = 300;
  engine_.Finish(0);
  Step(301);
  EXPECT_EQ(engine_.in_flight(), 1u);
  engine_.now_ns = 400;
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 400)
      << "since the last slot is free, not one that is gone";
}

TEST_F(DispatcherTest, AnAnswerAtTheDurationsEndBeginsNoOtherRequest) {
  Make({.slots = 1, .duration_ns = 100});
  Grant({-1, -1, -1});
  dispatcher_->Start(1000);
  Step(1000);
  engine_.now_ns = 1100;  // the answer is handled before the next step
  engine_.Finish(0);
  EXPECT_EQ(engine_.in_flight(), 0u);
  Step(1100);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().unsent(), 2u);
}

class RefusalTest : public DispatcherTest {
 protected:
  // Hands out streaming requests as the request builder makes them.
  void GrantStreams(uint64_t count, bool last = true) {
    for (uint64_t i = 0; i < count; ++i) {
      auto exchange = std::make_unique<Exchange>();
      exchange->k = granted_++;
      exchange->body = std::make_shared<const std::string>(
          R"({"messages":[],"stream":true,"stream_options":{"include_usage":true}})");
      exchange->head = "POST / HTTP/1.1\r\nContent-Length: 68\r\n\r\n";
      queue_.Push(&exchange);
    }
    dispatcher_->OnGranted(granted_, last);
  }

  void Refuse(const std::string& message, int status = 400) {
    engine_.flying[0]->http_status = status;
    engine_.flying[0]->error = v1::ERROR_HTTP_STATUS;
    engine_.flying[0]->error_message = message;
    engine_.Finish(0, v1::OUTCOME_FAILED);
  }
};

TEST_F(RefusalTest, ARefusedFieldIsLeftOutFromThenOn) {
  Make({.slots = 1});
  GrantStreams(2);
  dispatcher_->Start(0);
  Step(0);
  engine_.now_ns = 40;
  Refuse(R"({"error":"Unknown parameter: 'stream_options'"})");
  ASSERT_EQ(engine_.in_flight(), 1u);
  const Exchange& again = *engine_.flying[0];
  EXPECT_EQ(again.k, 0u);
  EXPECT_EQ(*again.body, R"({"messages":[],"stream":true})");
  EXPECT_EQ(again.head, "POST / HTTP/1.1\r\nContent-Length: 29\r\n\r\n");
  EXPECT_EQ(again.ready_ns, 40);
  EXPECT_TRUE(again.without_usage);
  EXPECT_TRUE(records_.empty()) << "the request is not over";
  engine_.Finish(0);
  EXPECT_EQ(*engine_.flying[0]->body, R"({"messages":[],"stream":true})") << "the next, at once";
  engine_.Finish(0);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().sent(), 2u);
  EXPECT_EQ(dispatcher_->totals().completed(), 2u);
}

TEST_F(RefusalTest, OtherRefusalsAreFailures) {
  Make({.slots = 3});
  GrantStreams(3);
  dispatcher_->Start(0);
  Step(0);
  Refuse("Unknown parameter: 'top_k'");
  Refuse("stream_options", 500);
  dispatcher_->Drain(0, -1);
  Refuse("stream_options");  // nothing is sent any more
  EXPECT_EQ(dispatcher_->totals().failed(), 3u);
  EXPECT_EQ(records_.size(), 3u);
}

}  // namespace
}  // namespace drumfire
