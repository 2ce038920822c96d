// Do timers fire in the order of their deadlines, each once, whatever was moved or taken out
// before?
#include "worker/engine/timer_heap.h"

#include <memory>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

class Probe : public Timer {
 public:
  explicit Probe(std::vector<const Probe*>* fired) : fired_(fired) {}
  void OnTimer(int64_t) override { fired_->push_back(this); }

 private:
  std::vector<const Probe*>* fired_;
};

TEST(TimerHeap, HasNoDeadlineWhenEmpty) {
  TimerHeap heap;
  EXPECT_EQ(heap.next_deadline_ns(), kNever);
  heap.FireDue(1);
}

TEST(TimerHeap, NeverMeansUnarmed) {
  TimerHeap heap;
  std::vector<const Probe*> fired;
  Probe probe(&fired);
  heap.ArmNoLaterThan(&probe, kNever);
  EXPECT_FALSE(probe.armed());
}

TEST(TimerHeap, OnlyMovesADeadlineNearer) {
  TimerHeap heap;
  std::vector<const Probe*> fired;
  Probe probe(&fired);
  heap.ArmNoLaterThan(&probe, 20);
  heap.ArmNoLaterThan(&probe, 30);
  EXPECT_EQ(heap.next_deadline_ns(), 20);
  heap.ArmNoLaterThan(&probe, 10);
  EXPECT_EQ(heap.next_deadline_ns(), 10);
  heap.FireDue(9);
  EXPECT_TRUE(fired.empty());
  heap.FireDue(10);
  EXPECT_EQ(fired.size(), 1u);
  EXPECT_FALSE(probe.armed());
}

TEST(TimerHeap, ForgetsATimerThatDied) {
  TimerHeap heap;
  std::vector<const Probe*> fired;
  Probe stays(&fired);
  {
    Probe dies(&fired);
    heap.ArmNoLaterThan(&dies, 1);
    heap.ArmNoLaterThan(&stays, 2);
  }
  heap.FireDue(5);
  EXPECT_EQ(fired, std::vector<const Probe*>{&stays});
}

TEST(TimerHeap, FiresInOrderAfterRandomMovesAndRemovals) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    TimerHeap heap;
    std::vector<const Probe*> fired;
    std::vector<std::unique_ptr<Probe>> probes;
    std::vector<int64_t> deadlines;
    for (int i = 0; i < 50; ++i) {
      probes.push_back(std::make_unique<Probe>(&fired));
      deadlines.push_back(random() % 1000);
      heap.ArmNoLaterThan(probes[i].get(), deadlines[i]);
    }
    size_t armed = probes.size();
    for (int i = 0; i < 50; i += 1 + random() % 3) {
      if (random() % 2 == 0) {
        heap.Disarm(probes[i].get());
        deadlines[i] = -1;
        --armed;
      } else {
        deadlines[i] /= 2;
        heap.ArmNoLaterThan(probes[i].get(), deadlines[i]);
      }
    }
    heap.FireDue(1000);
    ASSERT_EQ(fired.size(), armed);
    int64_t last_ns = 0;
    for (const Probe* probe : fired) {
      size_t i = 0;
      while (probes[i].get() != probe) ++i;
      EXPECT_GE(deadlines[i], last_ns);
      last_ns = deadlines[i];
    }
  }
}

}  // namespace
}  // namespace drumfire
