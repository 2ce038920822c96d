// Are a fleet's worst clock figures those of its worst worker, without local workers?
#include "coordinator/results/clock_figures.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

void Add(RunFacts* facts, const std::string& host, uint32_t probes, int64_t start_bound_ns,
         int64_t end_bound_ns, double drift_ppm) {
  const auto worker = static_cast<uint32_t>(facts->workers.size());
  v1::WorkerFacts& about = facts->workers.emplace_back();
  about.set_worker(worker);
  about.mutable_limits()->set_host_name(host);
  v1::WorkerClock& clock = facts->clocks.emplace_back();
  clock.set_worker(worker);
  clock.set_probes(probes);
  clock.set_start_bound_ns(start_bound_ns);
  clock.set_end_bound_ns(end_bound_ns);
  clock.set_drift_ppm(drift_ppm);
  clock.set_drift_bound_ppm(2 * std::abs(drift_ppm));
}

TEST(ClockFiguresTest, LocalWorkersShareOurClock) {
  RunFacts facts;
  EXPECT_EQ(ClockFiguresOf(facts).workers, 0u);
  Add(&facts, "a", 0, 0, 0, 0);
  EXPECT_EQ(ClockFiguresOf(facts).workers, 0u);
  EXPECT_EQ(ClockFiguresOf(facts).hosts, 0u);
}

TEST(ClockFiguresTest, TheWorstWorkerCounts) {
  RunFacts facts;
  Add(&facts, "a", 20, 500, 900, 3);
  Add(&facts, "b", 20, 700, 100, -8);
  Add(&facts, "b", 20, 100, 100, 7);
  const ClockFigures figures = ClockFiguresOf(facts);
  EXPECT_EQ(figures.workers, 3u);
  EXPECT_EQ(figures.hosts, 2u);
  EXPECT_EQ(figures.worst_bound_ns, 900);
  EXPECT_EQ(figures.worst_drift_ppm, -8);
  EXPECT_EQ(figures.worst_drift_bound_ppm, 16);
  EXPECT_EQ(ClockOf(facts, 1)->start_bound_ns(), 700);
  EXPECT_EQ(ClockOf(facts, 3), nullptr);
}

// Its lost predecessor and itself are two workers on one host.
TEST(ClockFiguresTest, AWorkerThatCameBackIsOnTheSameHost) {
  RunFacts facts;
  Add(&facts, "a", 20, 500, 900, 3);
  Add(&facts, "a", 20, 700, 100, 4);
  Add(&facts, "a", 20, 700, 100, 4);
  EXPECT_EQ(ClockFiguresOf(facts).hosts, 1u);
  facts.workers.pop_back();  // it idled to the end
  EXPECT_EQ(ClockFiguresOf(facts).hosts, 1u);
  EXPECT_EQ(ClockFiguresOf(facts).workers, 2u);
}

TEST(ClockFiguresTest, ContainersOfOneHostAreOnOneHost) {
  RunFacts facts;
  Add(&facts, "worker-0", 20, 500, 900, 3);
  Add(&facts, "worker-1", 20, 700, 100, 4);
  for (v1::WorkerFacts& about : facts.workers) about.mutable_limits()->set_host_id("boot-1");
  EXPECT_EQ(ClockFiguresOf(facts).hosts, 1u);
}

TEST(ClockFiguresTest, HostsOfTheSameNameAreTwo) {
  RunFacts facts;
  Add(&facts, "localhost", 20, 500, 900, 3);
  Add(&facts, "localhost", 20, 700, 100, 4);
  facts.workers[0].mutable_limits()->set_host_id("boot-1");
  facts.workers[1].mutable_limits()->set_host_id("boot-2");
  EXPECT_EQ(ClockFiguresOf(facts).hosts, 2u);
}

}  // namespace
}  // namespace drumfire
