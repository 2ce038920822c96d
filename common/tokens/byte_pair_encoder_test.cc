// Are pairs merged in the order of the rules, whatever the word, and fast enough for any length?
#include "common/tokens/byte_pair_encoder.h"

#include <random>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

// All bytes have their value as id; more tokens follow from 256.
std::unique_ptr<Vocabulary> MakeVocabulary(const std::vector<std::string>& longer) {
  auto vocabulary = std::make_unique<Vocabulary>(256);
  for (uint32_t byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    EXPECT_TRUE(vocabulary->Add(byte, absl::string_view(&character, 1)).ok());
  }
  for (const std::string& token : longer) {
    EXPECT_TRUE(vocabulary->Add(vocabulary->size(), token).ok());
  }
  return vocabulary;
}

std::vector<std::string> Pieces(const std::vector<std::string>& tokens, absl::string_view word,
                                BytePairEncoder::Options options = {}) {
  const auto vocabulary = MakeVocabulary(tokens);
  const BytePairEncoder encoder(vocabulary.get(),
                                std::make_unique<VocabularyMerges>(vocabulary.get()), options);
  std::vector<uint32_t> ids;
  encoder.Append(word, &ids);
  std::vector<std::string> pieces;
  for (const uint32_t id : ids) pieces.emplace_back(vocabulary->Bytes(id));
  return pieces;
}

// The rule as it is written down: again and again, merge the leftmost pair of the lowest rank.
// Quadratic.
std::vector<uint32_t> SlowEncode(const Vocabulary& vocabulary, absl::string_view word) {
  std::vector<std::string> parts;
  for (const char byte : word) parts.emplace_back(1, byte);
  while (true) {
    uint32_t best = Vocabulary::kNoToken;
    size_t at = 0;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      const uint32_t id = vocabulary.Find(parts[i] + parts[i + 1]);
      if (id < best) {
        best = id;
        at = i;
      }
    }
    if (best == Vocabulary::kNoToken) break;
    parts[at] += parts[at + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
  std::vector<uint32_t> ids;
  for (const std::string& part : parts) ids.push_back(vocabulary.Find(part));
  return ids;
}

using Strings = std::vector<std::string>;

TEST(BytePairEncoderTest, EmptyWordHasNoTokens) { EXPECT_EQ(Pieces({}, ""), Strings{}); }

TEST(BytePairEncoderTest, LowestRankMergesFirst) {
  EXPECT_EQ(Pieces({"bc", "ab"}, "abc"), (Strings{"a", "bc"}));
  EXPECT_EQ(Pieces({"ab", "bc"}, "abc"), (Strings{"ab", "c"}));
}

TEST(BytePairEncoderTest, LeftmostMergesFirstAmongEquals) {
  EXPECT_EQ(Pieces({"aa"}, "aaaaa"), (Strings{"aa", "aa", "a"}));
}

TEST(BytePairEncoderTest, UnreachableTokenIsTakenOnlyAsWholeWord) {
  BytePairEncoder::Options whole;
  whole.whole_words = true;
  EXPECT_EQ(Pieces({"xyz"}, "xyz"), (Strings{"x", "y", "z"}));
  EXPECT_EQ(Pieces({"xyz"}, "xyz", whole), (Strings{"xyz"}));
}

TEST(BytePairEncoderTest, UnknownBytesVanishOrBecomeTheUnknownToken) {
  Vocabulary vocabulary(2);
  ASSERT_TRUE(vocabulary.Add(0, "a").ok());
  ASSERT_TRUE(vocabulary.Add(1, "?").ok());
  const auto encode = [&](BytePairEncoder::Options options) {
    const BytePairEncoder encoder(&vocabulary, std::make_unique<PairMerges>(0), options);
    std::vector<uint32_t> ids;
    encoder.Append("abba", &ids);
    return ids;
  };
  BytePairEncoder::Options options;
  EXPECT_EQ(encode(options), (std::vector<uint32_t>{0, 0}));
  options.unknown_id = 1;
  EXPECT_EQ(encode(options), (std::vector<uint32_t>{0, 1, 1, 0}));
  options.fuse_unknown = true;
  EXPECT_EQ(encode(options), (std::vector<uint32_t>{0, 1, 0}));
}

TEST(BytePairEncoderTest, EqualsTheWrittenRuleOnRandomVocabulariesAndWords) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto letters = [&](size_t longest) {
      std::string text(1 + random() % longest, 'a');
      for (char& c : text) c = static_cast<char>('a' + random() % 3);
      return text;
    };
    const auto vocabulary = MakeVocabulary({});
    for (int i = 0; i < 25; ++i) {
      // Repeated tokens are refused, which is as well.
      const std::string token = letters(5);
      if (token.size() > 1) (void)vocabulary->Add(vocabulary->size(), token).ok();
    }
    const BytePairEncoder encoder(vocabulary.get(),
                                  std::make_unique<VocabularyMerges>(vocabulary.get()), {});
    for (int i = 0; i < 20; ++i) {
      const std::string word = letters(40);
      std::vector<uint32_t> ids;
      encoder.Append(word, &ids);
      EXPECT_EQ(ids, SlowEncode(*vocabulary, word)) << word;
    }
  }
}

TEST(BytePairEncoderTest, LongRunOfOneLetterTakesNoQuadraticTime) {
  const std::string word(1 << 18, 'a');
  EXPECT_EQ(Pieces({"aa", "aaaa"}, word).size(), word.size() / 4);
}

}  // namespace
}  // namespace drumfire
