// Does text of any script take the columns that we think it takes?
#include "coordinator/export/display_width.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(DisplayWidthTest, BrokenBytesTakeOneColumnEach) { EXPECT_EQ(DisplayWidth("a\xff\xfe"), 3U); }

TEST(DisplayWidthTest, WideCharactersTakeTwoAndMarksNone) {
  EXPECT_EQ(DisplayWidth("通义千问"), 8U);
  EXPECT_EQ(DisplayWidth("🚀"), 2U);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U);
  EXPECT_EQ(DisplayWidth("äöüß"), 4U);
}

TEST(FitTest, NeverExceedsItsColumns) {
  for (const char* text : {"plain", "通义千问大模型", "a通b义c千d问", "\xff\xff\xff\xff\xff\xff"}) {
    for (size_t columns = 0; columns < 16; ++columns) {
      EXPECT_LE(DisplayWidth(FitEnd(text, columns)), columns) << text << " " << columns;
      EXPECT_LE(DisplayWidth(FitMiddle(text, columns)), columns) << text << " " << columns;
    }
  }
}

TEST(FitTest, KeepsBothEndsOfAName) {
  EXPECT_EQ(FitMiddle("http://a-long-host.example:8000", 17), "http://...le:8000");
  EXPECT_EQ(FitEnd("one\ntwo", 20), "one two");
  EXPECT_EQ(FitEnd("通义千问", 7), "通义...");
}

TEST(PadTest, CountsColumnsNotBytes) {
  EXPECT_EQ(PadRight("通", 4), "通  ");
  EXPECT_EQ(PadLeft("通", 4), "  通");
  EXPECT_EQ(PadLeft("12345", 4), "12345");
}

}  // namespace
}  // namespace drumfire
