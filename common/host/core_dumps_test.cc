// Does a process that asks for it keep its memory out of core dumps?
#include "common/host/core_dumps.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace drumfire {
namespace {

TEST(CoreDumpsTest, TheKernelTakesTheFilter) {
  ASSERT_TRUE(LeaveMemoryOutOfCoreDumps());
  std::string filter;
  std::ifstream("/proc/self/coredump_filter") >> filter;
  EXPECT_EQ(filter, "00000010");
}

TEST(CoreDumpsTest, SaysWhenThereIsNoFilter) {
  EXPECT_FALSE(LeaveMemoryOutOfCoreDumps("/nonexistent/coredump_filter"));
}

}  // namespace
}  // namespace drumfire
