// Do extra inputs become the JSON that was meant?
#include "coordinator/cli/extra_inputs.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

std::string Parsed(const std::vector<std::string>& texts) {
  const absl::StatusOr<std::string> json = ParseExtraInputs("--extra-inputs", texts);
  return json.ok() ? *json : std::string(json.status().message());
}

TEST(ExtraInputsTest, RefusesWhatIsNoPairAndNoObject) {
  EXPECT_EQ(Parsed({"temperature"}),
            "--extra-inputs: found \"temperature\", expected KEY:VALUE or a JSON object");
  EXPECT_EQ(Parsed({":5"}), "--extra-inputs: found \":5\", expected KEY:VALUE or a JSON object");
  EXPECT_EQ(Parsed({"{\"a\":"}), "--extra-inputs: found \"{\\\"a\\\":\", expected a JSON object");
  EXPECT_EQ(Parsed({"a:\xff"}), "--extra-inputs must be valid UTF-8");
}

TEST(ExtraInputsTest, KeepsTheTypesOfValues) {
  EXPECT_EQ(Parsed({"t:0.5", "n:3", "b:true", "z:null", "s:hello", "l:[1,2]"}),
            R"({"t":0.5,"n":3,"b":true,"z":null,"s":"hello","l":[1,2]})");
}

// R05: "True" and "none" went out as texts.
TEST(ExtraInputsTest, ReadsTheWordsOfJsonInAnyCase) {
  EXPECT_EQ(Parsed({"ignore_eos:True", "stop:none", "a:FALSE", "b:Null", "c:None"}),
            R"({"ignore_eos":true,"stop":null,"a":false,"b":null,"c":null})");
  EXPECT_EQ(Parsed({"o:{\"x\": [ true, null ]}"}), R"({"o":{"x":[true,null]}})");
}

TEST(ExtraInputsTest, QuotesMakeATextOfAnything) {
  EXPECT_EQ(Parsed({"a:\"none\"", "b:\"5\"", "c:\"true\"", "d:'x'"}),
            R"({"a":"none","b":"5","c":"true","d":"'x'"})");
}

TEST(ExtraInputsTest, ReadsNumbersAsTheyAreWritten) {
  EXPECT_EQ(Parsed({"a:.5", "b:-.5", "c:+3", "d:5.", "e:1e5", "f:0.10", "g:18446744073709551616"}),
            R"({"a":0.5,"b":-0.5,"c":3,"d":5,"e":1e5,"f":0.10,"g":18446744073709551616})");
  EXPECT_EQ(Parsed({"a:007", "b:1-2", "c:0x10", "d:NaN", "e:-", "f:."}),
            R"({"a":"007","b":"1-2","c":"0x10","d":"NaN","e":"-","f":"."})");
}

TEST(ExtraInputsTest, KeepsTheOrderOfKeys) {
  EXPECT_EQ(
      Parsed({R"({"tools": [{"type": "function", "function": {"name": "f", "a": 1}}], "b": 1})",
              "a:2"}),
      R"({"tools":[{"type":"function","function":{"name":"f","a":1}}],"b":1,"a":2})");
}

TEST(ExtraInputsTest, SplitsAtCommasBetweenPairsOnly) {
  EXPECT_EQ(Parsed({"a:1,b:2"}), R"({"a":1,"b":2})");
  EXPECT_EQ(Parsed({"stop:a,b"}), R"({"stop":"a,b"})");
  EXPECT_EQ(Parsed({"o:{\"x\":1,\"y\":2}"}), R"({"o":{"x":1,"y":2}})");
}

TEST(ExtraInputsTest, TakesObjectsAndLetsLaterKeysWin) {
  EXPECT_EQ(Parsed({R"({"a":1,"b":{"c":2}})", "a:9"}), R"({"a":9,"b":{"c":2}})");
  EXPECT_EQ(Parsed({}), "");
}

}  // namespace
}  // namespace drumfire
