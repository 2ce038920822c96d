// Does nothing that a terminal would act on get through, and nothing that is too long?
#include "common/control/printable.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(PrintableTest, ReplacesWhatATerminalWouldActOn) {
  EXPECT_EQ(Printable("a\x1b[2J\r\n\tb\x7f", 100), "a?[2J???b?");
  EXPECT_EQ(Printable("\xe2\x80\xaeright to left", 100), "???right to left");
  EXPECT_EQ(Printable(std::string("a\0b", 3), 100), "a?b");
}

TEST(PrintableTest, CutsWhatIsTooLong) {
  EXPECT_EQ(Printable("alice@login1", 12), "alice@login1");
  EXPECT_EQ(Printable("alice@login12", 12), "alice@log...");
  EXPECT_EQ(Printable("alice", 2), "al");
}

}  // namespace
}  // namespace drumfire
