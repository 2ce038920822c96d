// Is every credit handed out exactly once, whatever the workers' pace?
#include "coordinator/ledger/ledger.h"

#include <map>
#include <set>

#include "common/random/random.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

struct GrantLog {
  std::map<uint64_t, int> times_granted;
  std::map<uint32_t, uint64_t> unsent;
  std::set<uint32_t> final_granted;

  void Take(const std::vector<WorkerGrant>& grants) {
    for (const WorkerGrant& g : grants) {
      EXPECT_FALSE(final_granted.contains(g.worker)) << "a grant after the last one";
      for (uint64_t i = 0; i < g.grant.count(); ++i) {
        ++times_granted[g.grant.first() + i * g.grant.stride()];
      }
      unsent[g.worker] += g.grant.count();
      if (g.grant.last()) final_granted.insert(g.worker);
    }
  }

  void ExpectExactly(uint64_t total, uint32_t workers) const {
    EXPECT_EQ(times_granted.size(), total);
    for (const auto& [k, times] : times_granted) EXPECT_EQ(times, 1) << "k " << k;
    EXPECT_TRUE(total == 0 || times_granted.rbegin()->first == total - 1);
    EXPECT_EQ(final_granted.size(), workers);
  }
};

TEST(OpenLoopLedger, GrantsOnlyUpToTheHorizon) {
  auto ledger = MakeOpenLoopLedger(
      {}, 2, 100, [](uint64_t k) { return static_cast<int64_t>(k) * 1'000'000'000; });
  GrantLog log;
  log.Take(ledger->Advance(-1'000'000'000));
  EXPECT_EQ(log.times_granted.size(), 3u);  // due at 0, 1 and 2 s
  EXPECT_FALSE(ledger->exhausted());
  EXPECT_TRUE(ledger->Advance(-1'000'000'000).empty());
}

TEST(OpenLoopLedger, EveryCreditOnceByGlobalIndex) {
  for (uint32_t workers : {1u, 2u, 3u, 10u}) {
    auto ledger = MakeOpenLoopLedger(
        {}, workers, 57, [](uint64_t k) { return static_cast<int64_t>(k) * 400'000'000; });
    GrantLog log;
    for (int64_t now = 0; !ledger->exhausted(); now += 700'000'000) {
      for (const WorkerGrant& g : ledger->Advance(now)) {
        if (g.grant.count() > 0) {
          EXPECT_EQ(g.grant.first() % workers, g.worker);
        }
        log.Take({g});
      }
    }
    log.ExpectExactly(57, workers);
  }
}

TEST(OpenLoopLedger, EmptyPhaseTellsEveryone) {
  auto ledger = MakeOpenLoopLedger({}, 3, 0, [](uint64_t) { return 0; });
  GrantLog log;
  log.Take(ledger->Advance(0));
  log.ExpectExactly(0, 3);
}

TEST(ClosedLoopLedger, FirstBlocksFillTheSlots) {
  auto ledger = MakeClosedLoopLedger({}, {3, 2, 0}, 100);
  GrantLog log;
  log.Take(ledger->Advance(0));
  EXPECT_EQ(log.unsent[0], 3u);
  EXPECT_EQ(log.unsent[1], 2u);
  EXPECT_EQ(log.unsent[2], 0u);
}

TEST(ClosedLoopLedger, FewRequestsReachAllWorkers) {
  auto ledger = MakeClosedLoopLedger({}, {4, 4, 4}, 6);
  GrantLog log;
  log.Take(ledger->Advance(0));
  for (uint32_t w = 0; w < 3; ++w) EXPECT_EQ(log.unsent[w], 2u);
  log.ExpectExactly(6, 3);
}

TEST(ClosedLoopLedger, ExactTotalAtAnyPace) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed, RandomStream::kArrivals, 0);
    const auto workers = static_cast<uint32_t>(1 + random.Below(6));
    std::vector<uint32_t> slots;
    for (uint32_t w = 0; w < workers; ++w) slots.push_back(static_cast<uint32_t>(random.Below(20)));
    slots[0] += 1;
    const uint64_t total = random.Below(3000);
    auto ledger = MakeClosedLoopLedger({}, slots, total);
    GrantLog log;
    log.Take(ledger->Advance(0));
    for (int turn = 0; !ledger->exhausted(); ++turn) {
      ASSERT_LT(turn, 100'000) << "seed " << seed;
      const auto w = static_cast<uint32_t>(random.Below(workers));
      const uint64_t sent = std::min<uint64_t>(log.unsent[w], 1 + random.Below(50));
      log.unsent[w] -= sent;
      log.Take(ledger->OnDemand(w, log.unsent[w],
                                static_cast<uint32_t>(std::min<uint64_t>(sent, slots[w]))));
    }
    log.ExpectExactly(total, workers);
  }
}

TEST(ClosedLoopLedger, BlocksShrinkTowardsTheEnd) {
  auto ledger = MakeClosedLoopLedger({}, {8, 8}, 400);
  GrantLog log;
  log.Take(ledger->Advance(0));
  uint64_t before = kMaxBlock;
  for (int i = 0; i < 20 && !ledger->exhausted(); ++i) {
    const auto grants = ledger->OnDemand(0, 0, 1);
    if (grants.empty() || grants[0].grant.count() == 0) break;
    EXPECT_LE(grants[0].grant.count(), before);
    before = grants[0].grant.count();
  }
  EXPECT_EQ(before, 1u);
}

TEST(ClosedLoopLedger, BlocksGrowWithWhatTheWorkerHasHad) {
  auto ledger = MakeClosedLoopLedger({}, {8, 8}, 1'000'000);
  ledger->Advance(0);
  const auto next_block = [&](uint32_t worker) {
    return ledger->OnDemand(worker, 0, 8)[0].grant.count();
  };
  EXPECT_EQ(next_block(0), kMinFullBlock);
  for (int i = 0; i < 20; ++i) next_block(0);
  const uint64_t had = ledger->granted(0);
  EXPECT_EQ(next_block(0), had / 8);
  for (int i = 0; i < 50; ++i) next_block(0);
  EXPECT_EQ(next_block(0), kMaxBlock);
  EXPECT_EQ(next_block(1), kMinFullBlock) << "the other one had little";
}

TEST(ClosedLoopLedger, AnswersEveryDemandUntilTheLastGrant) {
  auto ledger = MakeClosedLoopLedger({}, {4, 4}, 100);
  ledger->Advance(0);
  const auto sated = ledger->OnDemand(0, 1000, 0);
  ASSERT_EQ(sated.size(), 1u);
  EXPECT_EQ(sated[0].grant.count(), 0u);
  while (!ledger->exhausted()) ledger->OnDemand(1, 0, 4);
  EXPECT_TRUE(ledger->OnDemand(0, 0, 4).empty());
}

TEST(ClosedLoopLedger, WithoutTotalItNeverEnds) {
  auto ledger = MakeClosedLoopLedger({}, {8}, kUnboundedCredits);
  GrantLog log;
  log.Take(ledger->Advance(0));
  for (int i = 0; i < 1000; ++i) {
    log.unsent[0] = 0;
    log.Take(ledger->OnDemand(0, 0, 8));
  }
  EXPECT_FALSE(ledger->exhausted());
  EXPECT_TRUE(log.final_granted.empty());
}

// Every credit once, although workers are lost: what one had sent stays with it, the rest is sent
// by the others.
class LedgerFleet {
 public:
  LedgerFleet(std::unique_ptr<Ledger> ledger, uint32_t workers)
      : ledger_(std::move(ledger)), held_(workers), lost_(workers, false) {}

  void Take(const std::vector<WorkerGrant>& grants) {
    for (const WorkerGrant& g : grants) {
      EXPECT_FALSE(lost_[g.worker]) << "a grant to a lost worker";
      EXPECT_FALSE(final_granted_.contains(g.worker)) << "a grant after the last one";
      for (uint64_t i = 0; i < g.grant.count(); ++i) {
        EXPECT_TRUE(held_[g.worker].insert(g.grant.first() + i * g.grant.stride()).second);
      }
      if (g.grant.last()) final_granted_.insert(g.worker);
    }
  }

  // As dispatchers do: the lowest session first.
  void Send(uint32_t worker, uint64_t count) {
    for (; count > 0 && !held_[worker].empty(); --count) {
      ++sent_[*held_[worker].begin()];
      held_[worker].erase(held_[worker].begin());
    }
  }

  void Enlist(uint32_t slots) {
    EXPECT_EQ(ledger_->Enlist(slots), held_.size());
    held_.emplace_back();
    lost_.push_back(false);
  }

  void Settle(uint32_t worker) {
    ledger_->Settle(worker, held_[worker].empty() ? kUnboundedCredits : *held_[worker].begin());
  }

  void Lose(uint32_t worker) {
    lost_[worker] = true;
    ledger_->Lose(worker);
  }

  void Reclaim(uint32_t worker) {
    Settle(worker);
    EXPECT_EQ(ledger_->Reclaim(worker), held_[worker].size());
    held_[worker].clear();
  }

  uint64_t held(uint32_t worker) const { return held_[worker].size(); }
  bool all_sent() const {
    for (size_t w = 0; w < held_.size(); ++w) {
      if (!lost_[w] && !held_[w].empty()) return false;
    }
    return true;
  }
  Ledger& ledger() { return *ledger_; }
  const std::map<uint64_t, int>& sent() const { return sent_; }
  size_t final_granted() const { return final_granted_.size(); }

 private:
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::set<uint64_t>> held_;
  std::vector<bool> lost_;
  std::set<uint32_t> final_granted_;
  std::map<uint64_t, int> sent_;
};

std::unique_ptr<Ledger> MakeLossyLedger(Random* random, uint32_t workers, uint64_t total) {
  const LedgerOptions options{.phase = 0, .hold_final = true};
  if (random->Below(2) == 0) {
    return MakeOpenLoopLedger(options, workers, total,
                              [](uint64_t k) { return static_cast<int64_t>(k) * 10'000'000; });
  }
  std::vector<uint32_t> slots;
  for (uint32_t w = 0; w < workers; ++w)
    slots.push_back(static_cast<uint32_t>(1 + random->Below(8)));
  return MakeClosedLoopLedger(options, slots, total);
}

TEST(LossyLedger, WhatALostWorkerHadNotSentGoesToTheOthersOnce) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed, RandomStream::kArrivals, 0);
    const auto workers = static_cast<uint32_t>(2 + random.Below(5));
    const uint64_t total = 1 + random.Below(2000);
    LedgerFleet fleet(MakeLossyLedger(&random, workers, total), workers);
    uint32_t lost = 0;
    int64_t now_ns = 0;
    std::vector<uint32_t> limbo;
    for (int turn = 0; !fleet.ledger().exhausted() || !fleet.all_sent() || !limbo.empty(); ++turn) {
      ASSERT_LT(turn, 100'000);
      fleet.Take(fleet.ledger().Advance(now_ns += 50'000'000));
      const auto worker = static_cast<uint32_t>(random.Below(workers));
      if (worker >= lost) {
        fleet.Send(worker, random.Below(20));
        fleet.Settle(worker);
        fleet.Take(fleet.ledger().OnDemand(worker, fleet.held(worker), 3));
      }
      if (lost + 1 < workers && random.Below(40) == 0) {
        fleet.Lose(lost);
        limbo.push_back(lost++);
      }
      if (!limbo.empty() && random.Below(10) == 0) {
        fleet.Reclaim(limbo.back());
        limbo.pop_back();
      }
    }
    fleet.Take(fleet.ledger().GrantFinal());
    EXPECT_EQ(fleet.final_granted(), workers - lost);
    EXPECT_EQ(fleet.sent().size(), total);
    for (const auto& [k, times] : fleet.sent()) EXPECT_EQ(times, 1) << "k " << k;
  }
}

// Workers go and others come, in any order.
TEST(LossyLedger, WhoComesTakesPartAndNothingIsSentTwice) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed, RandomStream::kArrivals, 1);
    auto workers = static_cast<uint32_t>(2 + random.Below(3));
    const uint64_t total = 200 + random.Below(2000);
    LedgerFleet fleet(MakeLossyLedger(&random, workers, total), workers);
    std::set<uint32_t> present, limbo;
    for (uint32_t w = 0; w < workers; ++w) present.insert(w);
    int64_t now_ns = 0;
    const auto any = [&random](const std::set<uint32_t>& of) {
      return *std::next(of.begin(), static_cast<int64_t>(random.Below(of.size())));
    };
    for (int turn = 0; !fleet.ledger().exhausted() || !fleet.all_sent() || !limbo.empty(); ++turn) {
      ASSERT_LT(turn, 100'000);
      fleet.Take(fleet.ledger().Advance(now_ns += 50'000'000));
      const uint32_t worker = any(present);
      fleet.Send(worker, random.Below(20));
      fleet.Settle(worker);
      fleet.Take(fleet.ledger().OnDemand(worker, fleet.held(worker), 3));
      if (present.size() > 1 && workers < 20 && random.Below(20) == 0) {
        const uint32_t lost = any(present);
        present.erase(lost);
        limbo.insert(lost);
        fleet.Lose(lost);
      }
      if (workers < 20 && random.Below(20) == 0) {
        fleet.Enlist(static_cast<uint32_t>(1 + random.Below(8)));
        present.insert(workers++);
      }
      if (!limbo.empty() && random.Below(10) == 0) {
        const uint32_t over = any(limbo);
        limbo.erase(over);
        fleet.Reclaim(over);
      }
    }
    fleet.Take(fleet.ledger().GrantFinal());
    EXPECT_EQ(fleet.final_granted(), present.size());
    EXPECT_EQ(fleet.sent().size(), total);
    for (const auto& [k, times] : fleet.sent()) EXPECT_EQ(times, 1) << "k " << k;
  }
}

TEST(LossyLedger, WhoComesGetsItsShare) {
  auto ledger = MakeOpenLoopLedger({.phase = 0, .hold_final = true}, 2, 100'000,
                                   [](uint64_t k) { return static_cast<int64_t>(k) * 1'000'000; });
  ledger->Advance(0);
  const uint64_t before = ledger->granted(0);
  EXPECT_EQ(ledger->Enlist(0), 2u);
  ledger->Advance(3'000'000'000);
  EXPECT_EQ(ledger->granted(0), before + 1000);
  EXPECT_EQ(ledger->granted(2), 1000u);
}

TEST(LossyLedger, AShareIsDealtEvenly) {
  auto ledger = MakeOpenLoopLedger({.phase = 0, .hold_final = true}, 3, 3000,
                                   [](uint64_t) { return int64_t{0}; });
  ledger->Advance(0);
  ledger->Lose(2);
  EXPECT_EQ(ledger->Reclaim(2), 1000u);
  ledger->Advance(0);
  EXPECT_EQ(ledger->granted(0), 1500u);
  EXPECT_EQ(ledger->granted(1), 1500u);
  EXPECT_EQ(ledger->granted(2), 0u);
}

TEST(LossyLedger, NobodyHearsTheLastGrantTooEarly) {
  auto ledger = MakeClosedLoopLedger({.phase = 0, .hold_final = true}, {2, 2}, 4);
  for (const WorkerGrant& g : ledger->Advance(0)) EXPECT_FALSE(g.grant.last());
  EXPECT_TRUE(ledger->OnDemand(0, 0, 2).empty()) << "an empty answer would be asked for for ever";
  EXPECT_EQ(ledger->GrantFinal().size(), 2u);
  EXPECT_TRUE(ledger->GrantFinal().empty());
}

}  // namespace
}  // namespace drumfire
