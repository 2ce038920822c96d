// Does nothing rare happen unless somebody asks for it?
#include "common/rare/rarely.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(RarelyTest, NothingHappensWithoutAChooser) { EXPECT_FALSE(Rarely("anything")); }

#ifndef __OPTIMIZE__
TEST(RarelyTest, TheChooserDecidesAsLongAsItLives) {
  std::vector<std::string> asked;
  {
    const ScopedRareThings rare([&asked](const char* name) {
      asked.emplace_back(name);
      return asked.size() > 1;
    });
    EXPECT_FALSE(Rarely("first"));
    EXPECT_TRUE(Rarely("second"));
  }
  EXPECT_FALSE(Rarely("third"));
  EXPECT_EQ(asked, (std::vector<std::string>{"first", "second"}));
}
#endif

}  // namespace
}  // namespace drumfire
