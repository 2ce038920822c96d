// Is the memory for chunks under way bounded, and does every worker get its turn?
#include "coordinator/fleet/chunk_transfers.h"

#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr size_t kQuarter = kMostChunkBytesUnderWay / 4;

std::vector<uint32_t> TakeAll(ChunkTransfers* transfers) {
  std::vector<uint32_t> workers;
  while (const auto next = transfers->Next()) workers.push_back(*next);
  return workers;
}

TEST(ChunkTransfers, OneThatIsLargerThanTheBoundGoesAlone) {
  ChunkTransfers transfers;
  transfers.Add(0, 2 * kMostChunkBytesUnderWay);
  transfers.Add(1, 1);
  EXPECT_EQ(TakeAll(&transfers), std::vector<uint32_t>{0});
  transfers.OnTaken(0);
  EXPECT_EQ(TakeAll(&transfers), std::vector<uint32_t>{1});
}

TEST(ChunkTransfers, WhatIsUnderWayStaysWithinTheBound) {
  ChunkTransfers transfers;
  for (uint32_t worker = 0; worker < 10; ++worker) transfers.Add(worker, kQuarter);
  EXPECT_EQ(TakeAll(&transfers), (std::vector<uint32_t>{0, 1, 2, 3}));
  transfers.OnTaken(2);
  transfers.OnTaken(2);
  transfers.OnTaken(9);
  EXPECT_EQ(TakeAll(&transfers), std::vector<uint32_t>{4}) << "only what was under way makes room";
}

// Its next stream asks anew: chunks that came twice would be an error there.
TEST(ChunkTransfers, WhoIsGoneWaitsNoMore) {
  ChunkTransfers transfers;
  for (uint32_t worker = 0; worker < 6; ++worker) transfers.Add(worker, kQuarter);
  EXPECT_EQ(TakeAll(&transfers), (std::vector<uint32_t>{0, 1, 2, 3}));
  transfers.Forget(4);
  transfers.Forget(0);
  EXPECT_EQ(TakeAll(&transfers), std::vector<uint32_t>{5});
  transfers.Add(4, kQuarter);
  transfers.OnTaken(5);
  EXPECT_EQ(TakeAll(&transfers), std::vector<uint32_t>{4});
  transfers.OnTaken(4);
  EXPECT_TRUE(TakeAll(&transfers).empty());
}

TEST(ChunkTransfers, EveryWorkerGetsItsTurnInOrder) {
  ChunkTransfers transfers;
  for (uint32_t worker = 0; worker < 100; ++worker) transfers.Add(worker, kQuarter);
  std::vector<uint32_t> served;
  while (true) {
    const std::vector<uint32_t> now = TakeAll(&transfers);
    if (now.empty()) break;
    for (const uint32_t worker : now) transfers.OnTaken(worker);
    served.insert(served.end(), now.begin(), now.end());
  }
  ASSERT_EQ(served.size(), 100u);
  for (uint32_t worker = 0; worker < 100; ++worker) EXPECT_EQ(served[worker], worker);
}

TEST(ChunkTransfers, AWorkerThatComesBackIsCountedOnce) {
  ChunkTransfers transfers;
  transfers.Add(7, kQuarter);
  transfers.Add(7, kQuarter);
  EXPECT_EQ(TakeAll(&transfers).size(), 2u);
  for (uint32_t worker = 0; worker < 4; ++worker) transfers.Add(worker, kQuarter);
  EXPECT_EQ(TakeAll(&transfers), (std::vector<uint32_t>{0, 1, 2}));
}

}  // namespace
}  // namespace drumfire
