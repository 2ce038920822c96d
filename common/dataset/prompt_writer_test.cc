// Has every prompt exactly the tokens asked for, and the same bytes for the same draws?
#include "common/dataset/prompt_writer.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "common/dataset/search_prompt_writer.h"
#include "common/tokens/tokenizer_file.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

nlohmann::json TinyTokenizerJson() {
  std::ifstream file("common/tokens/testdata/tiny_tokenizer.json");
  return nlohmann::json::parse(file);
}

std::unique_ptr<Tokenizer> WriterTokenizer() {
  return MakeHuggingFaceTokenizer(TinyTokenizerJson().dump()).value();
}

// Without pre-tokenization: merges reach across words, so none stands alone.
std::unique_ptr<Tokenizer> UnsplitTokenizer() {
  nlohmann::json json = TinyTokenizerJson();
  json["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"use_regex", false}};
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    json["model"]["vocab"][std::string(1, letter) + "Ġ"] = 800 + letter - 'a';
    json["model"]["merges"].insert(json["model"]["merges"].begin(), std::string(1, letter) + " Ġ");
  }
  return MakeHuggingFaceTokenizer(json.dump()).value();
}

// Single bytes only.
std::unique_ptr<Tokenizer> ByteTokenizer() {
  nlohmann::json json = TinyTokenizerJson();
  json["model"]["merges"] = nlohmann::json::array();
  return MakeHuggingFaceTokenizer(json.dump()).value();
}

PromptPart Part(uint64_t seed, uint64_t index, uint32_t tokens) {
  return {Random(seed, RandomStream::kPromptText, index), tokens};
}

std::string Write(const PromptWriter& writer, const std::vector<PromptPart>& parts) {
  std::string text;
  writer.Append(parts, &text);
  return text;
}

void ExpectExact(const Tokenizer& tokenizer, bool parts_are_independent) {
  const auto writer = MakePromptWriter(&tokenizer);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_EQ((*writer)->parts_are_independent(), parts_are_independent);
  for (uint64_t seed = 0; seed < 3; ++seed) {
    for (const uint32_t tokens : {1, 2, 3, 4, 5, 7, 16, 63, 64, 65, 255, 256, 257, 1000}) {
      const std::string text = Write(**writer, {Part(seed, tokens, tokens)});
      EXPECT_EQ(tokenizer.Count(text), tokens) << "seed " << seed << ": " << text.substr(0, 200);
      EXPECT_EQ(Write(**writer, {Part(seed, tokens, tokens)}), text);
      EXPECT_EQ(tokenizer.Count(Write(**writer, {Part(seed, 1, 100), Part(seed, 2, tokens)})),
                100 + tokens);
    }
  }
}

TEST(PromptWriterTest, FailsWithoutAnyTokenToUse) {
  nlohmann::json json = TinyTokenizerJson();
  json["model"]["vocab"] = {{"Ã", 0}};
  json["added_tokens"] = nullptr;
  json["model"]["merges"] = nlohmann::json::array();
  const auto tokenizer = MakeHuggingFaceTokenizer(json.dump());
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  EXPECT_TRUE(absl::StrContains(MakePromptWriter(tokenizer->get()).status().message(),
                                "found no plain ASCII token, expected some"));
}

TEST(PromptWriterTest, WordsAreExact) { ExpectExact(*WriterTokenizer(), true); }

TEST(PromptWriterTest, SearchIsExactWhereWordsMerge) { ExpectExact(*UnsplitTokenizer(), false); }

TEST(PromptWriterTest, SearchIsExactWithSingleBytes) { ExpectExact(*ByteTokenizer(), false); }

TEST(PromptWriterTest, SearchAndWordsAreBothExactForOneTokenizer) {
  const auto tokenizer = WriterTokenizer();
  const auto writer = SearchPromptWriter::Create(tokenizer.get());
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (uint32_t tokens = 1; tokens < 60; ++tokens) {
    EXPECT_EQ(tokenizer->Count(Write(**writer, {Part(1, tokens, tokens)})), tokens);
  }
}

TEST(PromptWriterTest, ASearchThatNobodyNeedsAnyMoreEnds) {
  const auto tokenizer = UnsplitTokenizer();
  std::atomic<bool> is_stopping = false;
  const auto writer = SearchPromptWriter::Create(tokenizer.get(), &is_stopping).value();
  EXPECT_NE(Write(*writer, {Part(0, 1, 32)}), "");
  is_stopping = true;
  EXPECT_EQ(Write(*writer, {Part(0, 1, 32)}), "") << "not even one round";
}

TEST(PromptWriterTest, ShorterPartIsABeginningOfTheLonger) {
  const auto tokenizer = WriterTokenizer();
  const auto writer = MakePromptWriter(tokenizer.get()).value();
  const std::string whole = Write(*writer, {Part(0, 5, 512)});
  for (const uint32_t tokens : {1, 3, 255, 256, 511}) {
    EXPECT_TRUE(absl::StartsWith(whole, Write(*writer, {Part(0, 5, tokens)})));
  }
  EXPECT_EQ(Write(*writer, {Part(0, 5, 512), Part(0, 6, 2)}),
            whole + Write(*writer, {Part(0, 6, 2)}));
}

TEST(PromptWriterTest, OtherDrawsGiveOtherTexts) {
  const auto tokenizer = WriterTokenizer();
  const auto writer = MakePromptWriter(tokenizer.get()).value();
  EXPECT_NE(Write(*writer, {Part(0, 1, 32)}), Write(*writer, {Part(0, 2, 32)}));
  EXPECT_NE(Write(*writer, {Part(0, 1, 32)}), Write(*writer, {Part(1, 1, 32)}));
}

TEST(PromptWriterTest, BuiltinIsExact) {
  const auto file = ReadTokenizerFile("builtin");
  if (!file.ok()) GTEST_SKIP() << file.status().message();
  ExpectExact(*MakeTokenizer(file->kind, file->bytes).value(), true);
}

}  // namespace
}  // namespace drumfire
