// Does a reader that stands still hold up nobody?
#include "coordinator/ui/ready_write.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace drumfire {
namespace {

class ReadyWriteTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  ~ReadyWriteTest() override {
    for (const int end : ends_) close(end);
  }

  int ends_[2] = {-1, -1};
};

TEST_F(ReadyWriteTest, APipeThatNobodyReadsTakesNoMoreWhenItIsFull) {
  int taken = 0;
  while (WriteIfReady(ends_[1], std::string(1000, 'a'))) ++taken;
  EXPECT_GT(taken, 10);
  EXPECT_FALSE(WriteIfReady(ends_[1], "b"));
  std::string read_back(1 << 20, ' ');
  EXPECT_GT(read(ends_[0], read_back.data(), read_back.size()), 10'000);
  EXPECT_TRUE(WriteIfReady(ends_[1], "b")) << "there is room again";
}

TEST_F(ReadyWriteTest, ATextLongerThanThePipeEnds) {
  EXPECT_FALSE(WriteIfReady(ends_[1], std::string(10 << 20, 'a')));
}

TEST_F(ReadyWriteTest, WhatIsNoDescriptorTakesNothing) { EXPECT_FALSE(WriteIfReady(-1, "a")); }

}  // namespace
}  // namespace drumfire
