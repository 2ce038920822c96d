// Are a fleet's worst clock figures those of the worst worker, local workers left out?
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

}  // namespace
}  // namespace drumfire
