// Is the right file found for the user's name, and do other files give a clear error?
#include "common/tokens/tokenizer_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/tokens/tokenizer.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

namespace fs = std::filesystem;

class TokenizerFileTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / absl::StrCat("tokenizer_", getpid(), test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override {
    unsetenv("DRUMFIRE_DATA_DIR");
    fs::remove_all(folder_);
  }

  std::string Write(const std::string& name, absl::string_view bytes) const {
    std::ofstream(folder_ / name) << bytes;
    return (folder_ / name).string();
  }

  fs::path folder_;
};

TEST_F(TokenizerFileTest, MissingPathIsNamed) {
  const std::string path = (folder_ / "nothing").string();
  EXPECT_EQ(ReadTokenizerFile(path).status().message(),
            absl::StrCat("tokenizer ", path,
                         ": No such file or directory, expected \"builtin\", a tokenizer.json, a "
                         "*.tiktoken rank file, or a folder with one"));
}

TEST_F(TokenizerFileTest, EmptyFileIsRefused) {
  const std::string path = Write("tokenizer.json", " \n");
  EXPECT_EQ(ReadTokenizerFile(path).status().message(),
            absl::StrCat("tokenizer ", path,
                         ": the file is empty, expected a tokenizer.json or a rank file"));
}

TEST_F(TokenizerFileTest, FolderWithoutOneTokenizerIsRefused) {
  Write("config.json", "{}");
  EXPECT_TRUE(absl::StrContains(ReadTokenizerFile(folder_.string()).status().message(),
                                "no tokenizer.json and 0 *.tiktoken files"));
  Write("a.tiktoken", "IQ== 0");
  Write("b.tiktoken", "IQ== 0");
  EXPECT_TRUE(absl::StrContains(ReadTokenizerFile(folder_.string()).status().message(),
                                "no tokenizer.json and 2 *.tiktoken files"));
}

TEST_F(TokenizerFileTest, BuiltinThatIsNotThereSaysHowToGetIt) {
  setenv("DRUMFIRE_DATA_DIR", folder_.c_str(), 1);
  const absl::Status status = ReadTokenizerFile("builtin").status();
  EXPECT_TRUE(absl::StrContains(status.message(), folder_.string())) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "builtin_vocabulary.sh")) << status;
}

TEST_F(TokenizerFileTest, FolderGivesItsTokenizer) {
  Write("x.tiktoken", "IQ== 0");
  EXPECT_EQ(ReadTokenizerFile(folder_.string())->kind, v1::TOKENIZER_TIKTOKEN);
  const std::string path = Write("tokenizer.json", "{}");
  EXPECT_EQ(ReadTokenizerFile(folder_.string())->path, path);
}

TEST_F(TokenizerFileTest, KindComesFromTheContent) {
  EXPECT_EQ(ReadTokenizerFile(Write("a", "\n {}"))->kind, v1::TOKENIZER_HUGGING_FACE);
  EXPECT_EQ(ReadTokenizerFile(Write("b", "IQ== 0\n"))->kind, v1::TOKENIZER_TIKTOKEN);
  EXPECT_EQ(ReadTokenizerFile("builtin").ok(), FindBuiltinRanks().ok());
}

TEST_F(TokenizerFileTest, DataFolderHoldsBuiltin) {
  Write("o200k_base.tiktoken", "IQ== 0\n");
  setenv("DRUMFIRE_DATA_DIR", folder_.c_str(), 1);
  const auto file = ReadTokenizerFile("builtin");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes, "IQ== 0\n");
}

TEST(MakeTokenizerTest, KindDecides) {
  EXPECT_EQ(MakeTokenizer(v1::TOKENIZER_NONE, "").value(), nullptr);
  EXPECT_FALSE(MakeTokenizer(v1::TOKENIZER_TIKTOKEN, "{}").ok());
  EXPECT_FALSE(MakeTokenizer(static_cast<v1::TokenizerKind>(77), "").ok());
}

}  // namespace
}  // namespace drumfire
