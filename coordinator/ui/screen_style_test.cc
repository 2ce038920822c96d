// Is there colour only where a terminal shows it and nobody minds?
#include "coordinator/ui/screen_style.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace drumfire {
namespace {

TEST(ScreenStyleTest, NoTerminalHasEightyColumnsAndNoColour) {
  const ScreenStyle style = StyleOfTerminal(0, {.term = "xterm"});
  EXPECT_EQ(style.width, 80U);
  EXPECT_FALSE(style.colour);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(ScreenStyleFor(ends[1]).colour);
  EXPECT_EQ(ScreenStyleFor(ends[1]).width, 80U);
  close(ends[0]);
  close(ends[1]);
}

TEST(ScreenStyleTest, NoColorAndDumbTerminalsAreHonoured) {
  EXPECT_FALSE(StyleOfTerminal(100, {.no_color = "1", .term = "xterm"}).colour);
  EXPECT_FALSE(StyleOfTerminal(100, {.term = "dumb"}).colour);
  EXPECT_FALSE(StyleOfTerminal(100, {}).colour);
  // no-color.org: an empty value is none.
  EXPECT_TRUE(StyleOfTerminal(100, {.no_color = "", .term = "xterm"}).colour);
}

TEST(ScreenStyleTest, TakesTheTerminalsWidthWithinReason) {
  EXPECT_EQ(StyleOfTerminal(100, {.term = "xterm"}).width, 100U);
  EXPECT_EQ(StyleOfTerminal(20, {.term = "xterm"}).width, kNarrowest);
  EXPECT_EQ(StyleOfTerminal(300, {.term = "xterm"}).width, 120U);
}

}  // namespace
}  // namespace drumfire
