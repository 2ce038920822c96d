// Are the words that prompts are made of one token each, in any order, for the tokenizers at hand?
#include "common/dataset/single_token_words.h"

#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "common/random/random.h"
#include "common/tokens/tokenizer_file.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::unique_ptr<Tokenizer> Load(const std::string& name) {
  const auto file = ReadTokenizerFile(name);
  if (!file.ok()) return nullptr;
  return MakeTokenizer(file->kind, file->bytes).value();
}

// Joins words that follow each other: " worker" + " one" are one token together.
class MergingTokenizer final : public Tokenizer {
 public:
  void Encode(absl::string_view text, std::vector<uint32_t>* ids) const override {
    ids->clear();
    for (size_t at = 0; at < text.size(); at += 2) {
      ids->push_back(static_cast<uint32_t>(text[at + 1] - 'a'));
      if (absl::StartsWith(text.substr(at), " b c")) at += 2;
    }
  }
  size_t Count(absl::string_view text) const override {
    std::vector<uint32_t> ids;
    Encode(text, &ids);
    return ids.size();
  }
  absl::string_view Decode(uint32_t id) const override {
    return absl::string_view(" a b c d e f g h i j k l m n o p q r s t u v w x y z")
        .substr(2 * id, 2);
  }
  uint32_t vocabulary_size() const override { return 26; }
};

void ExpectSingleToken(const Tokenizer& tokenizer, size_t least_words) {
  const std::vector<std::string> words = FindSingleTokenWords(tokenizer);
  ASSERT_GE(words.size(), least_words);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed, RandomStream::kPromptText, 1);
    std::string text;
    constexpr size_t kTokens = 2000;
    for (size_t i = 0; i < kTokens; ++i) text += words[random.Below(words.size())];
    ASSERT_EQ(tokenizer.Count(text), kTokens);
  }
}

TEST(SingleTokenWordsTest, WordsThatMergeWithOthersAreRefused) {
  EXPECT_TRUE(FindSingleTokenWords(MergingTokenizer()).empty());
}

TEST(SingleTokenWordsTest, TinyVocabularyHasSome) {
  const auto tokenizer = Load("common/tokens/testdata/tiny_tokenizer.json");
  ExpectSingleToken(*tokenizer, 100);
}

TEST(SingleTokenWordsTest, BuiltinHasMany) {
  if (!FindBuiltinRanks().ok()) GTEST_SKIP() << FindBuiltinRanks().status().message();
  ExpectSingleToken(*Load("builtin"), kMaxSingleTokenWords);
}

}  // namespace
}  // namespace drumfire
