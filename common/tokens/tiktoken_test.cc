// Are rank files read line by line, and broken ones refused by line?
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/tokens/tokenizer.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

// All 256 bytes at their own rank, then the longer tokens.
std::string RankFile(const std::vector<std::string>& longer, absl::string_view line_end = "\n") {
  std::string file;
  for (int byte = 0; byte < 256; ++byte) {
    absl::StrAppend(&file, absl::Base64Escape(std::string(1, static_cast<char>(byte))), " ", byte,
                    line_end);
  }
  int rank = 256;
  for (const std::string& token : longer) {
    absl::StrAppend(&file, absl::Base64Escape(token), " ", rank++, line_end);
  }
  return file;
}

std::string RankFileError(absl::string_view file) {
  return std::string(MakeTiktokenTokenizer(file).status().message());
}

TEST(TiktokenTest, RefusesLinesThatAreNotATokenAndARank) {
  EXPECT_EQ(RankFileError("IQ== 0\nIg==\n"),
            "line 2: found \"Ig==\", expected a base64 token and its rank");
  EXPECT_EQ(RankFileError("IQ== x\n"),
            "line 1: found \"IQ== x\", expected a base64 token and its rank");
  EXPECT_EQ(RankFileError("IQ== -1\n"),
            "line 1: found \"IQ== -1\", expected a base64 token and its rank");
}

TEST(TiktokenTest, RefusesBrokenBase64) {
  EXPECT_EQ(RankFileError("IQ= 0\n"), "line 1: token: found \"IQ=\", expected base64");
  EXPECT_EQ(RankFileError("I?== 0\n"), "line 1: token: found \"I?==\", expected base64");
  EXPECT_EQ(RankFileError(" 0\n"),
            "line 1: found id 0 for an empty token, expected at least one byte");
}

TEST(TiktokenTest, RefusesRepeatedRanksAndTokens) {
  EXPECT_EQ(RankFileError("IQ== 0\nIg== 0\n"),
            "line 2: found id 0 a second time, expected each id once");
  EXPECT_EQ(RankFileError("IQ== 0\nIQ== 1\n"),
            "line 2: found token \"!\" for the ids 0 and 1, expected each token once");
  EXPECT_EQ(RankFileError("IQ== 4000000000\n"),
            "line 1: found id 4000000000, expected ids below 4194304");
}

TEST(TiktokenTest, RefusesFilesWithoutAllBytes) {
  EXPECT_EQ(RankFileError(""),
            "found no token for byte 0x0, expected all 256 bytes in a rank file");
  std::string file = RankFile({});
  file.resize(file.rfind('\n', file.size() - 2) + 1);
  EXPECT_EQ(RankFileError(file),
            "found no token for byte 0xff, expected all 256 bytes in a rank file");
}

TEST(TiktokenTest, EncodesCountsAndDecodes) {
  const auto tokenizer = MakeTiktokenTokenizer(RankFile({"he", "ll", "hell", " w", "\xC3\xA9"}));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  std::vector<uint32_t> ids = {99};
  (*tokenizer)->Encode("hello w\xC3\xA9", &ids);
  EXPECT_EQ(ids, (std::vector<uint32_t>{258, 'o', 259, 260}));
  EXPECT_EQ((*tokenizer)->Count("hello w\xC3\xA9"), 4U);
  EXPECT_EQ((*tokenizer)->Decode(258), "hell");
  EXPECT_EQ((*tokenizer)->Decode(261), "");
  EXPECT_EQ((*tokenizer)->vocabulary_size(), 261U);
}

TEST(TiktokenTest, LineEndsAndTheLastLineMayDiffer) {
  std::string file = RankFile({"ab"}, "\r\n") + "\n\n";
  EXPECT_EQ(MakeTiktokenTokenizer(file).value()->Count("ab"), 1U);
  file = RankFile({"ab"});
  file.pop_back();
  EXPECT_EQ(MakeTiktokenTokenizer(file).value()->Count("ab"), 1U);
}

TEST(TiktokenTest, InvalidUtf8CountsAsReplacementCharacters) {
  const auto tokenizer = MakeTiktokenTokenizer(RankFile({})).value();
  std::vector<uint32_t> ids;
  tokenizer->Encode("\xFF", &ids);
  EXPECT_EQ(ids, (std::vector<uint32_t>{0xEF, 0xBF, 0xBD}));
}

TEST(TiktokenTest, HugeTextsOfOneKindAreCounted) {
  const auto tokenizer = MakeTiktokenTokenizer(RankFile({"aa", "  "})).value();
  constexpr size_t kBytes = 1 << 17;
  EXPECT_EQ(tokenizer->Count(std::string(kBytes, 'a')), kBytes / 2);
  EXPECT_EQ(tokenizer->Count(std::string(kBytes, ' ')), kBytes / 2);
  EXPECT_EQ(tokenizer->Count(std::string(kBytes, '!')), kBytes);
}

}  // namespace
}  // namespace drumfire
