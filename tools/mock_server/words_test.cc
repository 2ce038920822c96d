// Does a client that counts tokens with o200k_base agree with the mock server?
#include "tools/mock_server/words.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "absl/strings/escaping.h"

namespace drumfire::mock {
namespace {

constexpr char kRankFile[] = "build/share/drumfire/o200k_base.tiktoken";

TEST(Words, EachIsOneTokenOfO200kBase) {
  std::ifstream file(kRankFile);
  if (!file) GTEST_SKIP() << kRankFile << " is not there";
  std::set<std::string> tokens;
  for (std::string base64, rank, token; file >> base64 >> rank;) {
    if (absl::Base64Unescape(base64, &token)) tokens.insert(token);
  }
  for (uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(tokens.count(std::string(TokenWord(i))), 1u) << TokenWord(i);
  }
}

TEST(Words, EachIsASpaceAndLowerCaseLetters) {
  for (uint64_t i = 0; i < 100; ++i) {
    const absl::string_view word = TokenWord(i);
    EXPECT_EQ(word[0], ' ');
    EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1), word.npos) << word;
  }
}

}  // namespace
}  // namespace drumfire::mock
