// Does any text come back the same when a JSON parser reads what we wrote?
#include "common/json/json_escape.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace drumfire {
namespace {

std::string Escape(absl::string_view text) {
  std::string out;
  AppendJsonEscaped(text, &out);
  return out;
}

TEST(JsonEscape, EscapesOnlyWhatItMust) {
  EXPECT_EQ(Escape("plain text é€😀 / '"), "plain text é€😀 / '");
  EXPECT_EQ(Escape("\"\\\b\f\n\r\t"), R"(\"\\\b\f\n\r\t)");
  EXPECT_EQ(Escape(std::string("\0\x1f\x7f", 3)), "\\u0000\\u001f\x7f");
}

TEST(JsonEscape, AParserReadsTheSameTextBack) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (size_t size = random() % 40; size > 0; --size) {
      text += random() % 4 == 0 ? static_cast<char>(random() % 0x30)
                                : static_cast<char>(random() % 0x80);
      if (random() % 8 == 0) text += "\\";
      if (random() % 8 == 0) text += "é";
    }
    std::string json;
    AppendJsonString(text, &json);
    EXPECT_EQ(nlohmann::json::parse(json).get<std::string>(), text) << "seed " << seed;
  }
}

}  // namespace
}  // namespace drumfire
