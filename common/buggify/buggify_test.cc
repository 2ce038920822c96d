// Does nothing rare happen unless somebody asks for it?
#include "common/buggify/buggify.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(BuggifyTest, NothingHappensWithoutAChooser) { EXPECT_FALSE(Buggify("anything")); }

#ifndef __OPTIMIZE__
TEST(BuggifyTest, TheChooserDecidesAsLongAsItLives) {
  std::vector<std::string> asked;
  {
    const ScopedBuggify rare([&asked](const char* name) {
      asked.emplace_back(name);
      return asked.size() > 1;
    });
    EXPECT_FALSE(Buggify("first"));
    EXPECT_TRUE(Buggify("second"));
  }
  EXPECT_FALSE(Buggify("third"));
  EXPECT_EQ(asked, (std::vector<std::string>{"first", "second"}));
}
#endif

}  // namespace
}  // namespace drumfire
