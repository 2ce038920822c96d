// Is a worker's word about a phase taken only when it can be true?
#include "coordinator/run/phase_claims.h"

#include <functional>

#include "common/clock/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class PhaseClaimsTest : public ::testing::Test {
 protected:
  PhaseClaimsTest() {
    worker_.participates = true;
    so_far_ = {.phase = 1, .started = true, .since_start_ns = kNsPerSecond, .granted = 10};
  }

  template <typename Body>
  std::string Fault(Body* (v1::WorkerMessage::*body)(), const std::function<void(Body*)>& fill) {
    v1::WorkerMessage message;
    (message.*body)()->set_phase(1);
    fill((message.*body)());
    return ClaimFault(message, worker_, so_far_);
  }
  std::string DoneFault(const std::function<void(v1::PhaseDone*)>& fill) {
    return Fault<v1::PhaseDone>(&v1::WorkerMessage::mutable_phase_done, fill);
  }
  std::string ProgressFault(const std::function<void(v1::CreditTotals*)>& fill) {
    return Fault<v1::Progress>(&v1::WorkerMessage::mutable_progress,
                               [&](auto* progress) { fill(progress->mutable_totals()); });
  }
  std::string StartedFault(int64_t late_ns) {
    return Fault<v1::Started>(&v1::WorkerMessage::mutable_started,
                              [=](auto* started) { started->set_late_ns(late_ns); });
  }

  WorkerPhase worker_;
  PhaseSoFar so_far_;
};

TEST_F(PhaseClaimsTest, MessagesOfAnotherPhaseAreNotTaken) {
  for (const uint32_t phase : {0u, 2u, UINT32_MAX}) {
    v1::WorkerMessage messages[6];
    messages[0].mutable_prepared()->set_phase(phase);
    messages[1].mutable_started()->set_phase(phase);
    messages[2].mutable_demand()->set_phase(phase);
    messages[3].mutable_progress()->set_phase(phase);
    messages[4].mutable_histograms()->set_phase(phase);
    messages[5].mutable_phase_done()->set_phase(phase);
    for (const v1::WorkerMessage& message : messages) {
      EXPECT_EQ(ClaimFault(message, worker_, so_far_),
                "speaks of phase " + std::to_string(phase) + " while phase 1 runs");
    }
  }
}

TEST_F(PhaseClaimsTest, WhoTakesNoPartOrHasEndedSaysNothing) {
  worker_.done.emplace();
  EXPECT_EQ(DoneFault([](auto*) {}), "has ended phase 1 already");
  worker_.participates = false;
  EXPECT_EQ(DoneFault([](auto*) {}), "takes no part in phase 1");
}

TEST_F(PhaseClaimsTest, StatesFollowEachOther) {
  EXPECT_EQ(StartedFault(0), "");
  so_far_.started = false;
  EXPECT_EQ(StartedFault(0), "started before it was told to");
  EXPECT_EQ(DoneFault([](auto*) {}), "ended before it was told to start");
  EXPECT_EQ(Fault<v1::Demand>(&v1::WorkerMessage::mutable_demand, [](auto*) {}),
            "asks for sessions before it was told to start");
  so_far_.stopping = true;
  EXPECT_EQ(DoneFault([](auto*) {}), "") << "cancelled before its start";
  const auto prepared = [this] {
    return Fault<v1::Prepared>(&v1::WorkerMessage::mutable_prepared, [](auto*) {});
  };
  EXPECT_EQ(prepared(), "");
  worker_.prepared.emplace();
  EXPECT_EQ(prepared(), "is prepared twice");
}

TEST_F(PhaseClaimsTest, NobodyStartsBeforeTheStartOrLaterThanNow) {
  EXPECT_EQ(StartedFault(2 * kNsPerSecond), "") << "within the clocks' uncertainty";
  EXPECT_THAT(StartedFault(2 * kNsPerSecond + 1), HasSubstr("cannot have started 2000000001 ns"));
  EXPECT_THAT(StartedFault(-1), HasSubstr("cannot have started -1 ns late"));
}

TEST_F(PhaseClaimsTest, NobodyWasGrantedMoreThanTheCoordinatorGranted) {
  EXPECT_EQ(ProgressFault([](auto* t) { t->set_granted(10); }), "");
  EXPECT_EQ(ProgressFault([](auto* t) { t->set_granted(11); }),
            "claims 11 granted sessions, but no more than 10 are possible");
  const auto demand = [this](uint64_t unsent) {
    return Fault<v1::Demand>(&v1::WorkerMessage::mutable_demand,
                             [=](auto* d) { d->set_unsent(unsent); });
  };
  EXPECT_EQ(demand(10), "");
  EXPECT_EQ(demand(11), "claims 11 unsent sessions, but no more than 10 are possible");
}

TEST_F(PhaseClaimsTest, PartsAreNoMoreThanTheWhole) {
  const std::pair<const char*, std::function<void(v1::CreditTotals*)>> cases[] = {
      {"claims 11 begun, dropped and unsent sessions",
       [](auto* t) { t->set_begun(5), t->set_dropped(3), t->set_unsent(3); }},
      {"claims 18446744073709551615 begun, dropped and unsent sessions",
       [](auto* t) { t->set_begun(UINT64_MAX), t->set_dropped(2); }},
      {"claims 3 open sessions", [](auto* t) { t->set_begun(2), t->set_open(3); }},
      {"claims 3 completed sessions",
       [](auto* t) { t->set_begun(2), t->set_sessions_completed(3); }},
      {"claims 3 ended requests, but no more than 2",
       [](auto* t) {
         t->set_begun(2), t->set_sent(2), t->set_completed(1), t->set_failed(1),
             t->set_cancelled(1);
       }},
      {"claims more requests than its sessions have",
       [](auto* t) { t->set_sent(10 * 65'536 + 1); }},
      {"claims more requests than its sessions have",
       [](auto* t) { t->set_unsent_turns(UINT64_MAX), t->set_sent(1); }}};
  for (const auto& [text, spoil] : cases) {
    const auto fill = [&](v1::CreditTotals* totals) {
      totals->set_granted(10);
      spoil(totals);
    };
    EXPECT_THAT(ProgressFault(fill), HasSubstr(text));
    EXPECT_THAT(DoneFault([&](auto* done) { fill(done->mutable_totals()); }), HasSubstr(text));
  }
}

TEST_F(PhaseClaimsTest, ThereIsARecordForEachRequestAtMost) {
  const auto fault = [this](uint64_t records) {
    return DoneFault([=](auto* done) {
      done->mutable_totals()->set_granted(4);
      done->mutable_totals()->set_begun(3);
      done->mutable_totals()->set_dropped(1);
      done->mutable_totals()->set_sent(3);
      done->set_records_made(records);
    });
  };
  EXPECT_EQ(fault(4), "");
  EXPECT_EQ(fault(5), "claims 5 records, but no more than 4 are possible");
}

TEST_F(PhaseClaimsTest, OtherMessagesAreNotOfAPhase) {
  v1::WorkerMessage message;
  message.mutable_failure();
  EXPECT_EQ(ClaimFault(message, worker_, so_far_), "");
}

}  // namespace
}  // namespace drumfire
