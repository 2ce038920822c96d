// Is the right tokenizer chosen, and does a note say so when it is only assumed?
#include "coordinator/cli/tokenizer_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TokenizerChoiceTest : public ::testing::Test {
 protected:
  absl::StatusOr<TokenizerChoice> Choose(const std::string& given, const std::string& model = "m") {
    return ChooseTokenizer({"--tokenizer", given, model}, inputs_, &notes_);
  }

  FakeInputs inputs_;
  std::vector<std::string> notes_;
};

TEST_F(TokenizerChoiceTest, RefusesAFileThatIsNotThere) {
  for (const char* name :
       {"./tokenizer.json", "/models/x", "buildin", "folder/tokenizer.json", "a/b/c"}) {
    EXPECT_THAT(
        std::string(Choose(name).status().message()),
        HasSubstr(std::string("--tokenizer found no file or directory \"") + name + "\"; give"));
  }
}

TEST_F(TokenizerChoiceTest, RefusesAFileThatCannotBeRead) {
  inputs_.files["broken.json"] = "{";
  EXPECT_EQ(Choose("broken.json").status().message(), "--tokenizer: no vocabulary in broken.json");
}

TEST_F(TokenizerChoiceTest, SaysSoWhenBuiltinIsMissingItself) {
  inputs_.tokenizers.clear();
  EXPECT_FALSE(Choose("").ok());
}

TEST_F(TokenizerChoiceTest, AssumesBuiltinWithoutAnyAndSaysSo) {
  const absl::StatusOr<TokenizerChoice> choice = Choose("");
  ASSERT_TRUE(choice.ok());
  EXPECT_EQ(choice->name, "builtin");
  EXPECT_TRUE(choice->assumed);
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("none was found for model \"m\"")));
}

// Counts of another tokenizer were taken for the model's own.
TEST_F(TokenizerChoiceTest, RefusesAHubNameThatIsNotHereAndSaysHowToBringIt) {
  EXPECT_EQ(Choose("meta-llama/Llama-3-8B-Instruct").status().message(),
            "--tokenizer found no tokenizer.json of \"meta-llama/Llama-3-8B-Instruct\" in /cache "
            "(nothing "
            "is downloaded); run hf download meta-llama/Llama-3-8B-Instruct tokenizer.json "
            "(huggingface-cli in older versions), or use --tokenizer DIR or --tokenizer builtin");
}

TEST_F(TokenizerChoiceTest, TakesBuiltinWithoutAWordWhenItWasAskedFor) {
  const absl::StatusOr<TokenizerChoice> choice = Choose("builtin");
  ASSERT_TRUE(choice.ok());
  EXPECT_FALSE(choice->assumed);
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(TokenizerChoiceTest, FindsHubNamesInTheCache) {
  inputs_.cached_models["org/name"] = "/cache/snapshot";
  inputs_.tokenizers.insert("/cache/snapshot");
  EXPECT_EQ(Choose("org/name")->name, "/cache/snapshot");
  EXPECT_EQ(Choose("", "org/name")->name, "/cache/snapshot");
  EXPECT_FALSE(Choose("", "org/name")->assumed);
}

TEST_F(TokenizerChoiceTest, FallsBackWhenTheModelsOwnCannotBeUsedButNotWhenItWasNamed) {
  inputs_.cached_models["org/name"] = "/cache/sentencepiece";
  EXPECT_TRUE(Choose("", "org/name")->assumed);
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("no vocabulary in /cache/sentencepiece")));
  EXPECT_FALSE(Choose("org/name").ok());
}

}  // namespace
}  // namespace drumfire
