// Does everything pushed arrive once and in order, does waiting end, and is the bound kept?
#include "common/mailbox/mailbox.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr size_t kPlenty = 10'000;

TEST(Mailbox, EmptyOneGivesNothing) {
  Mailbox<int> mailbox(kPlenty);
  EXPECT_EQ(mailbox.Pop(std::chrono::nanoseconds(0)), std::nullopt);
  EXPECT_TRUE(mailbox.TakeAll().empty());
}

TEST(Mailbox, AFullOneRefusesUntilThereIsRoom) {
  Mailbox<int> mailbox(2);
  EXPECT_TRUE(mailbox.Push(1));
  EXPECT_TRUE(mailbox.Push(2));
  EXPECT_FALSE(mailbox.Push(3));
  EXPECT_EQ(mailbox.Pop(std::chrono::nanoseconds(0)), 1);
  EXPECT_TRUE(mailbox.Push(4));
  EXPECT_EQ(mailbox.TakeAll(), (std::deque<int>{2, 4}));
}

TEST(Mailbox, WhatMustArriveDoesBeyondTheBound) {
  Mailbox<int> mailbox(1);
  EXPECT_TRUE(mailbox.Push(1));
  mailbox.PushAlways(2);
  EXPECT_FALSE(mailbox.Push(3));
  EXPECT_EQ(mailbox.TakeAll(), (std::deque<int>{1, 2}));
}

TEST(Mailbox, AWriterThatMayWaitLosesNothing) {
  Mailbox<int> mailbox(2);
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) mailbox.PushWhenRoom(i);
  });
  int next = 0;
  while (true) {
    const auto all = mailbox.TakeAll();
    EXPECT_LE(all.size(), 2u);
    for (const int item : all) EXPECT_EQ(item, next++);
    if (next == 1000) break;
    EXPECT_EQ(mailbox.Pop(std::chrono::seconds(60)), next++);
  }
  writer.join();
}

TEST(Mailbox, AWakeEndsOneWaitAndHidesNoItem) {
  Mailbox<int> mailbox(kPlenty);
  std::thread waker([&] { mailbox.Wake(); });
  EXPECT_EQ(mailbox.Pop(std::chrono::hours(1)), std::nullopt);
  waker.join();
  mailbox.Wake();
  EXPECT_TRUE(mailbox.Push(1));
  EXPECT_EQ(mailbox.Pop(std::chrono::hours(1)), 1);
  EXPECT_EQ(mailbox.Pop(std::chrono::hours(1)), std::nullopt);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(mailbox.Pop(std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(1));
}

TEST(Mailbox, OneWriterKeepsItsOrder) {
  Mailbox<int> mailbox(kPlenty);
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(mailbox.Push(i));
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(mailbox.Pop(std::chrono::seconds(60)), i);
  writer.join();
}

TEST(Mailbox, NothingIsLostBetweenManyWriters) {
  Mailbox<int> mailbox(kPlenty);
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < 500; ++i) EXPECT_TRUE(mailbox.Push(1));
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(mailbox.TakeAll().size(), 2000u);
}

}  // namespace
}  // namespace drumfire
