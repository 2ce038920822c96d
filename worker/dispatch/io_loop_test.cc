// Does the loop send what is due, tell its owner once of low credits, the end and an expired lease,
// and wait no longer than it may?
#include "worker/dispatch/io_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/dispatch/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::ScriptedEngine;
using ::testing::ElementsAre;

constexpr int64_t kStartNs = kNsPerSecond;

class IoLoopTest : public ::testing::Test {
 protected:
  IoLoopTest() {
    IoCallbacks callbacks;
    callbacks.requests.on_next_turn = [](std::unique_ptr<Exchange>) {};
    callbacks.requests.on_record = [this](std::unique_ptr<Exchange> exchange) {
      records_.push_back(exchange->session);
    };
    callbacks.on_low_credits = [this](uint64_t unsent, uint32_t) { low_.push_back(unsent); };
    callbacks.on_done = [this](const v1::CreditTotals& totals, const SlotWaits&) {
      EXPECT_EQ(io_->dispatcher(), nullptr) << "the phase is over before its owner hears of it";
      done_.push_back(totals.completed());
    };
    callbacks.on_lease_expired = [this] { ++expired_; };
    callbacks.on_step = [](int64_t, int64_t) {};
    callbacks.on_tick = [](int64_t) {};
    lease_.ExtendTo(kNever);
    io_ = IoLoop::Create(
              [this](EngineOwner* owner) -> absl::StatusOr<std::unique_ptr<Engine>> {
                auto engine = std::make_unique<ScriptedEngine>(clock_, owner);
                engine_ = engine.get();
                return engine;
              },
              clock_, &lease_, std::move(callbacks))
              .value();
  }

  void Begin(uint32_t slots) {
    PhaseSettings settings;
    settings.slots = slots;
    io_->BeginPhase(settings, &queue_);
  }
  void Grant(uint64_t count, bool final) {
    for (uint64_t i = 0; i < count; ++i) {
      auto exchange = std::make_unique<Exchange>();
      exchange->session = granted_++;
      exchange->body = std::make_shared<const std::string>("{}");
      queue_.Push(&exchange);
    }
    io_->Granted(granted_, final);
  }
  int64_t Step() { return io_->Step(clock_.MonotonicNs()); }
  void Answer(uint32_t requests) {
    engine_->answers_due = requests;
    io_->WaitUntil(clock_.MonotonicNs());
  }

  FakeClock clock_{kStartNs};
  Lease lease_{clock_};
  ReadyQueue queue_{1000, 1 << 20, {[] {}, [] {}}};
  ScriptedEngine* engine_ = nullptr;
  std::unique_ptr<IoLoop> io_;
  uint64_t granted_ = 0;
  std::vector<uint64_t> records_;
  std::vector<uint64_t> low_;
  std::vector<uint64_t> done_;
  int expired_ = 0;
};

TEST_F(IoLoopTest, AnEngineThatCannotBeMadeIsAnError) {
  const auto io =
      IoLoop::Create([](EngineOwner*) { return absl::ResourceExhaustedError("no descriptors"); },
                     clock_, &lease_, IoCallbacks());
  EXPECT_EQ(io.status().message(), "no descriptors");
}

TEST_F(IoLoopTest, WithoutAPhaseItWaitsForTasks) {
  EXPECT_EQ(Step(), kNever);
  io_->Wake();
  EXPECT_EQ(engine_->wakes, 1);
}

TEST_F(IoLoopTest, NeverWaitsLongerThanAMomentSoThatTimeLimitsAreKept) {
  io_->WaitUntil(kNever);
  EXPECT_LE(engine_->polled_until_ns, kStartNs + 100 * kNsPerMs);
  io_->WaitUntil(kStartNs + 5);
  EXPECT_EQ(engine_->polled_until_ns, kStartNs + 5);
}

TEST_F(IoLoopTest, AsksForCreditsOncePerGrantWhenHalfAreGone) {
  Begin(/*slots=*/1);
  Grant(8, /*final=*/false);
  io_->dispatcher()->Start(kStartNs);
  Step();
  for (int answered = 0; answered < 2; ++answered) {
    Answer(1);
    Step();
  }
  EXPECT_THAT(low_, ElementsAre()) << "5 of 8 are left";
  Answer(1);
  Step();
  Answer(1);
  Step();
  EXPECT_THAT(low_, ElementsAre(4));
  Grant(0, /*final=*/false);
  Answer(1);
  Step();
  Answer(1);
  Step();
  EXPECT_THAT(low_, ElementsAre(4, 1)) << "an empty grant is an answer: it asks again later";
}

TEST_F(IoLoopTest, AfterTheFinalGrantItAsksNoMore) {
  Begin(1);
  Grant(2, /*final=*/true);
  io_->dispatcher()->Start(kStartNs);
  Step();
  Answer(2);
  Step();
  EXPECT_THAT(low_, ElementsAre());
  EXPECT_THAT(done_, ElementsAre(2));
  EXPECT_THAT(records_, ElementsAre(0, 1));
}

TEST_F(IoLoopTest, TheEndIsToldOnceAndFreesThePhase) {
  Begin(1);
  Grant(1, true);
  io_->dispatcher()->Start(kStartNs);
  Step();
  Answer(1);
  Step();
  Step();
  EXPECT_THAT(done_, ElementsAre(1));
  Begin(1);  // the next phase
  EXPECT_NE(io_->dispatcher(), nullptr);
}

TEST_F(IoLoopTest, AnExpiredLeaseCancelsAndIsToldOnce) {
  lease_.ExtendTo(kStartNs + 10);
  Begin(2);
  Grant(5, true);
  io_->dispatcher()->Start(kStartNs);
  EXPECT_EQ(Step(), kStartNs + 10) << "it looks again when the lease ends";
  EXPECT_EQ(engine_->in_flight(), 2u);
  clock_.Advance(10);
  Step();
  EXPECT_EQ(expired_, 1);
  Step();
  Step();
  EXPECT_EQ(expired_, 1);
  EXPECT_THAT(records_, ElementsAre(0, 1));
  EXPECT_THAT(done_, ElementsAre()) << "an expired phase has no regular end";
}

TEST_F(IoLoopTest, CancelPhaseEndsWhatIsInFlightWithoutTellingTheEnd) {
  Begin(2);
  Grant(5, true);
  io_->dispatcher()->Start(kStartNs);
  Step();
  io_->CancelPhase();
  EXPECT_THAT(records_, ElementsAre(0, 1));
  EXPECT_EQ(io_->dispatcher(), nullptr);
  EXPECT_THAT(done_, ElementsAre());
  io_->CancelPhase();  // nothing is left to cancel
}

using IoLoopDeathTest = IoLoopTest;

TEST_F(IoLoopDeathTest, TwoPhasesAtOnceAreOurMistake) {
  Begin(1);
  EXPECT_DEATH(Begin(1), "a phase runs");
}

}  // namespace
}  // namespace drumfire
