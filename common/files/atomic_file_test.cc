// Is a file either whole under its name or not there at all?
#include "common/files/atomic_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest() {
    std::string pattern = testing::TempDir() + "atomic-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~AtomicFileTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string Read(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  size_t FilesLeft() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

TEST_F(AtomicFileTest, MissingFolderIsNamed) {
  const absl::Status status = WriteFileAtomically(Path("none/x"), "a");
  EXPECT_NE(status.message().find("none/x"), absl::string_view::npos);
}

TEST_F(AtomicFileTest, WithoutCommitNothingIsLeft) {
  {
    auto file = AtomicFile::Create(Path("x"));
    ASSERT_TRUE(file.ok());
    (*file)->Write("half");
  }
  EXPECT_EQ(FilesLeft(), 0u);
}

TEST_F(AtomicFileTest, OldFileStandsUntilTheNewOneIsWhole) {
  ASSERT_TRUE(WriteFileAtomically(Path("x"), "old").ok());
  auto file = AtomicFile::Create(Path("x"));
  ASSERT_TRUE(file.ok());
  (*file)->Write(std::string(200'000, 'n'));
  EXPECT_EQ(Read(Path("x")), "old");
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Read(Path("x")), std::string(200'000, 'n'));
  EXPECT_EQ(FilesLeft(), 1u);
}

// Past the size from which files are written around the system's cache, with an odd rest.
TEST_F(AtomicFileTest, LargeFileIsWhole) {
  std::string bytes;
  for (int i = 0; bytes.size() < 3'500'001; ++i) bytes += std::to_string(i);
  auto file = AtomicFile::Create(Path("x"));
  ASSERT_TRUE(file.ok());
  for (size_t at = 0; at < bytes.size(); at += 1999) (*file)->Write(bytes.substr(at, 1999));
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Read(Path("x")), bytes);
}

TEST_F(AtomicFileTest, NameTakenByAFolderIsReported) {
  fs::create_directory(Path("x"));
  EXPECT_FALSE(WriteFileAtomically(Path("x"), "a").ok());
  EXPECT_EQ(FilesLeft(), 1u);
}

}  // namespace
}  // namespace drumfire
