// Does JSON that users give us leave as they spelled it, merged or not?
#include "common/json/json_text.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

std::string Members(absl::string_view object) {
  std::string text;
  for (const JsonMember& member : JsonMembers(object)) {
    absl::StrAppend(&text, member.key, "=", member.value, ";");
  }
  return text;
}

TEST(JsonTextTest, TextThatIsNoObjectHasNoMembers) {
  for (absl::string_view text :
       {"", " ", "[1]", "5", "\"a\"", "{", "{\"", "{\"a", "{\"a\"", "{5:1}"}) {
    EXPECT_EQ(Members(text), "") << text;
    EXPECT_FALSE(IsJsonObject(text)) << text;
  }
  EXPECT_FALSE(IsJsonObject("{\"a\":1} x"));
  EXPECT_FALSE(IsJsonObject("{\"a\":NaN}"));
}

// A worker gets such text from a coordinator: nothing may be read behind its end.
TEST(JsonTextTest, CutTextIsReadToItsEndOnly) {
  const std::string whole = R"({"a\"":[{"b":"\\"}, 1],"c": {"d":"}"}})";
  for (size_t size = 0; size < whole.size(); ++size) {
    JsonMembers(std::string(whole, 0, size));
    CompactJson(std::string(whole, 0, size));
    MergedJson(std::string(whole, 0, size), whole);
  }
  MergedJson("{\"\xff\":1}", "{\"\xff\":2}");
}

TEST(JsonTextTest, MembersKeepOrderAndSpelling) {
  EXPECT_EQ(Members("{ \"z\" : 0.10 ,\"a\":[1, {\"q\":\"]\"}], \"\\u0065\":1e5, \"n\":null }"),
            "z=0.10;a=[1, {\"q\":\"]\"}];e=1e5;n=null;");
  EXPECT_EQ(Members("{}"), "");
}

TEST(JsonTextTest, CompactLeavesStringsAlone) {
  EXPECT_EQ(CompactJson("{ \"a b\" : [ 1.50 , \"x \\\" y\" ] }"), "{\"a b\":[1.50,\"x \\\" y\"]}");
}

TEST(JsonTextTest, MergesObjectsKeyByKey) {
  EXPECT_EQ(MergedJson(R"({"a":1,"b":{"c":0.10}})", R"({"b":{"d":2}})"),
            R"({"a":1,"b":{"c":0.10,"d":2}})");
  EXPECT_EQ(MergedJson(R"({"b":{"c":1},"a":1})", R"({"b":[2],"z":18446744073709551616})"),
            R"({"b":[2],"a":1,"z":18446744073709551616})");
  EXPECT_EQ(MergedJson("1", R"({"a":1})"), R"({"a":1})");
}

TEST(JsonTextTest, TheLastOfEqualKeysWins) {
  EXPECT_EQ(JsonObjectText(JsonMembers(R"({"a":1,"b":2,"a":3})")), R"({"b":2,"a":3})");
  EXPECT_EQ(MergedJson("{}", R"({"a":1,"a":2})"), R"({"a":2})");
}

TEST(JsonTextTest, DeepObjectsEndTheMergeNotTheStack) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
  deep += "1";
  deep.append(100'000, '}');
  EXPECT_EQ(MergedJson(deep, deep), deep);
}

}  // namespace
}  // namespace drumfire
