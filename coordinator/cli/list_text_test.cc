// Do names stay whole?
#include "coordinator/cli/list_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SplitNamesTest, NothingIsNoName) { EXPECT_THAT(SplitNames({"", " , ", ","}), IsEmpty()); }

// R44: "/models/my model" was two models.
TEST(SplitNamesTest, SplitsAtCommasOnly) {
  EXPECT_THAT(SplitNames({"/models/my model", "a, b\tc"}),
              ElementsAre("/models/my model", "a", "b\tc"));
}

TEST(SplitNamesTest, AnEscapedCommaStays) {
  EXPECT_THAT(SplitNames({"a\\,b,c\\d", "e\\"}), ElementsAre("a,b", "c\\d", "e\\"));
}

}  // namespace
}  // namespace drumfire
