// Does everything pushed arrive once and in order, and does waiting end?
#include "common/mailbox/mailbox.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(Mailbox, EmptyOneGivesNothing) {
  Mailbox<int> mailbox;
  EXPECT_EQ(mailbox.Pop(std::chrono::nanoseconds(0)), std::nullopt);
  EXPECT_TRUE(mailbox.TakeAll().empty());
}

TEST(Mailbox, OneWriterKeepsItsOrder) {
  Mailbox<int> mailbox;
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) mailbox.Push(i);
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(mailbox.Pop(std::chrono::seconds(60)), i);
  writer.join();
}

TEST(Mailbox, NothingIsLostBetweenManyWriters) {
  Mailbox<int> mailbox;
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < 500; ++i) mailbox.Push(1);
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(mailbox.TakeAll().size(), 2000u);
}

}  // namespace
}  // namespace drumfire
