// Do the numbers of the progress line fit together at every moment?
#include "coordinator/run/progress_snapshot.h"

#include <gtest/gtest.h>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

constexpr uint32_t kConcurrency = 6;

class ProgressSnapshotTest : public testing::Test {
 protected:
  ProgressSnapshotTest() {
    plan_.add_phases()->set_concurrency(kConcurrency);
    outcome_.totals = {};
    outcome_.start_ns = 1;
    outcome_.workers.reserve(3);  // pointers to them stay
  }

  WorkerPhase* AddWorker(uint64_t sent, uint64_t in_flight) {
    WorkerPhase& worker = outcome_.workers.emplace_back();
    worker.participates = true;
    v1::CreditTotals* totals = worker.progress.emplace().mutable_totals();
    totals->set_sent(sent);
    totals->set_in_flight(in_flight);
    totals->set_completed(sent - in_flight);
    return &worker;
  }

  uint64_t InFlight() const { return MakeSnapshot(plan_, outcome_, kNsPerSecond).in_flight; }

  v1::Plan plan_;
  PhaseOutcome outcome_;
};

// Until then its requests may be at the server, and nobody else has its slots.
TEST_F(ProgressSnapshotTest, ALostWorkersRequestsAreInFlightUntilItsLeaseIsOver) {
  AddWorker(100, 3);
  WorkerPhase* lost = AddWorker(50, 3);
  lost->lost = true;
  EXPECT_EQ(InFlight(), kConcurrency);
}

TEST_F(ProgressSnapshotTest, NoMoreAreInFlightThanThereAreSlotsOnceOthersHaveThem) {
  WorkerPhase* other = AddWorker(100, 3);
  WorkerPhase* lost = AddWorker(50, 3);
  lost->lost = lost->share_reclaimed = true;
  other->progress->mutable_totals()->set_in_flight(6);
  EXPECT_EQ(InFlight(), kConcurrency);
  other->progress->mutable_totals()->set_in_flight(3);
  AddWorker(7, 3)->came_late = true;
  EXPECT_EQ(InFlight(), kConcurrency);
}

// Requests that it sent and nobody took over count as finished, reported or not: a phase that has
// ended is at 100 %.
TEST_F(ProgressSnapshotTest, NothingOfALostWorkerIsWaitedForOnceItsLeaseIsOver) {
  WorkerPhase* lost = AddWorker(50, 3);
  lost->lost = true;
  EXPECT_EQ(MakeSnapshot(plan_, outcome_, kNsPerSecond).finished, 47u);
  lost->share_reclaimed = true;
  lost->settled = 52;
  EXPECT_EQ(MakeSnapshot(plan_, outcome_, kNsPerSecond).finished, 52u);
}

}  // namespace
}  // namespace drumfire
