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
  EXPECT_EQ(Parsed({"a:\xff"}), "--extra-inputs: found bytes that are not UTF-8, expected UTF-8");
}

TEST(ExtraInputsTest, KeepsTheTypesOfValues) {
  EXPECT_EQ(Parsed({"t:0.5", "n:3", "b:true", "z:null", "s:hello", "l:[1,2]"}),
            R"({"b":true,"l":[1,2],"n":3,"s":"hello","t":0.5,"z":null})");
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
