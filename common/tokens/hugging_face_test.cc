// Are tokenizer.json files read as their own library reads them, and what we cannot do refused by
// field?
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/tokens/tokenizer.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using nlohmann::json;

json TinyTokenizer() {
  std::ifstream file("common/tokens/testdata/tiny_tokenizer.json");
  return json::parse(file);
}

std::string ErrorOf(const json& tokenizer) {
  return std::string(MakeHuggingFaceTokenizer(tokenizer.dump()).status().message());
}

std::vector<std::string> TokenPieces(const json& tokenizer, absl::string_view text) {
  const auto made = MakeHuggingFaceTokenizer(tokenizer.dump());
  EXPECT_TRUE(made.ok()) << made.status();
  if (!made.ok()) return {};
  std::vector<uint32_t> ids;
  (*made)->Encode(text, &ids);
  EXPECT_EQ((*made)->Count(text), ids.size());
  std::vector<std::string> pieces;
  for (const uint32_t id : ids) pieces.emplace_back((*made)->Decode(id));
  return pieces;
}

using Strings = std::vector<std::string>;

TEST(HuggingFaceTest, RefusesBytesThatAreNoJsonObject) {
  for (const absl::string_view bytes :
       {"", "{", "[]", "{\"model\": {\"vocab\": {\"a\": 0}", "\xFF"}) {
    const auto status = MakeHuggingFaceTokenizer(bytes).status();
    EXPECT_NE(status.message().find("expected the JSON object of a tokenizer.json"),
              absl::string_view::npos)
        << status;
  }
}

TEST(HuggingFaceTest, RefusesOtherModels) {
  json tokenizer = TinyTokenizer();
  tokenizer["model"]["type"] = "Unigram";
  EXPECT_EQ(ErrorOf(tokenizer),
            "model.type: found \"Unigram\", expected \"BPE\" (only byte-level BPE is supported)");
  tokenizer = TinyTokenizer();
  tokenizer["model"]["byte_fallback"] = true;
  EXPECT_EQ(ErrorOf(tokenizer),
            "model.byte_fallback: found true, expected false (only byte-level BPE is supported)");
  tokenizer = TinyTokenizer();
  tokenizer["model"]["end_of_word_suffix"] = "</w>";
  EXPECT_EQ(ErrorOf(tokenizer),
            "model.end_of_word_suffix: found \"</w>\", expected none (only byte-level BPE is "
            "supported)");
}

TEST(HuggingFaceTest, RefusesBrokenVocabularies) {
  EXPECT_EQ(ErrorOf(json::object()),
            "model.vocab: found no entries, expected an object {token: id, ...}");
  json tokenizer = TinyTokenizer();
  tokenizer["model"]["vocab"]["new"] = -1;
  EXPECT_EQ(ErrorOf(tokenizer), "model.vocab[\"new\"]: expected an id below 4194304");
  tokenizer["model"]["vocab"]["new"] = 5;
  EXPECT_EQ(ErrorOf(tokenizer), "model.vocab: found id 5 a second time, expected each id once");
}

TEST(HuggingFaceTest, RefusesBrokenMerges) {
  json tokenizer = TinyTokenizer();
  tokenizer["model"]["merges"] = json::array({"a"});
  EXPECT_EQ(ErrorOf(tokenizer),
            "model.merges[0]: expected \"left right\" or [\"left\", \"right\"]");
  tokenizer["model"]["merges"] = json::array({json::array({"q", "q"})});
  EXPECT_EQ(ErrorOf(tokenizer),
            "model.merges[0]: found \"q\" and \"q\", expected both and their union in model.vocab");
  tokenizer["model"].erase("merges");
  EXPECT_EQ(ErrorOf(tokenizer), "model.merges: found no list, expected a list of pairs");
}

TEST(HuggingFaceTest, RefusesStepsItDoesNotKnow) {
  json tokenizer = TinyTokenizer();
  tokenizer["normalizer"] = {{"type", "Lowercase"}};
  EXPECT_EQ(ErrorOf(tokenizer),
            "normalizer.type: found normal form \"Lowercase\", expected NFC, NFD, NFKC or NFKD");
  tokenizer = TinyTokenizer();
  tokenizer["pre_tokenizer"] = {{"type", "Metaspace"}};
  EXPECT_EQ(ErrorOf(tokenizer),
            "pre_tokenizer: found \"Metaspace\" as the last step, expected ByteLevel as the last "
            "step and only there");
  tokenizer["pre_tokenizer"] = nullptr;
  EXPECT_EQ(ErrorOf(tokenizer),
            "pre_tokenizer: found \"\" as the last step, expected ByteLevel as the last step and "
            "only there");
  tokenizer = TinyTokenizer();
  tokenizer["pre_tokenizer"]["pretokenizers"][0]["behavior"] = "Shuffled";
  EXPECT_EQ(ErrorOf(tokenizer),
            "pre_tokenizer: behavior: found \"Shuffled\", expected Isolated, Removed, "
            "MergedWithPrevious, MergedWithNext or Contiguous");
}

TEST(HuggingFaceTest, RefusesBrokenAddedTokens) {
  json tokenizer = TinyTokenizer();
  tokenizer["added_tokens"] = {{{"id", "x"}, {"content", "<x>"}}};
  EXPECT_EQ(ErrorOf(tokenizer),
            "added_tokens: expected a list of {id, content, ...}, ids below 4194304");
}

TEST(HuggingFaceTest, EncodesByMerges) {
  EXPECT_EQ(TokenPieces(TinyTokenizer(), "one worker, two workers"),
            (Strings{"one", " worker", ",", " two", " worker", "s"}));
}

TEST(HuggingFaceTest, MergesMayBePairs) {
  json tokenizer = TinyTokenizer();
  for (json& merge : tokenizer["model"]["merges"]) {
    const std::string text = merge;
    const size_t space = text.find(' ');
    merge = json::array({text.substr(0, space), text.substr(space + 1)});
  }
  EXPECT_EQ(TokenPieces(tokenizer, " the server"), (Strings{" the", " server"}));
}

TEST(HuggingFaceTest, WholeWordsAreTakenOnlyWhenMergesAreIgnored) {
  json tokenizer = TinyTokenizer();
  tokenizer["model"]["vocab"]["zebra"] = 900;
  EXPECT_EQ(TokenPieces(tokenizer, "zebra").size(), 4U);
  tokenizer["model"]["ignore_merges"] = true;
  EXPECT_EQ(TokenPieces(tokenizer, "zebra"), Strings{"zebra"});
}

TEST(HuggingFaceTest, AddedTokensComeBeforeWords) {
  EXPECT_EQ(TokenPieces(TinyTokenizer(), " the<|end|> server<tool>"),
            (Strings{" the", "<|end|>", " server", "<tool>"}));
}

TEST(HuggingFaceTest, TextIsNormalizedFirst) {
  json tokenizer = TinyTokenizer();
  const Strings composed = TokenPieces(tokenizer, "caf\u00E9");
  EXPECT_EQ(TokenPieces(tokenizer, "cafe\u0301"), composed);
  tokenizer["normalizer"] = {{"type", "Sequence"}, {"normalizers", json::array()}};
  EXPECT_NE(TokenPieces(tokenizer, "cafe\u0301"), composed);
}

TEST(HuggingFaceTest, TokensOutsideTheByteAlphabetAreOnlyDecoded) {
  json tokenizer = TinyTokenizer();
  tokenizer["model"]["vocab"]["<｜begin｜>"] = 901;
  const auto made = MakeHuggingFaceTokenizer(tokenizer.dump());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ((*made)->Decode(901), "<｜begin｜>");
  EXPECT_EQ((*made)->vocabulary_size(), 902U);
}

}  // namespace
}  // namespace drumfire
