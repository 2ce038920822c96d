// Is a model's folder found in a cache as Hugging Face's libraries leave it, and nothing outside of
// it?
#include "coordinator/cli/hf_cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace drumfire {
namespace {

namespace fs = std::filesystem;

class HfCacheTest : public ::testing::Test {
 protected:
  HfCacheTest() {
    std::string pattern = ::testing::TempDir() + "/cacheXXXXXX";
    cache_ = mkdtemp(pattern.data());
  }
  ~HfCacheTest() override { fs::remove_all(cache_); }

  void AddSnapshot(const std::string& model, const std::string& revision) {
    const fs::path folder = cache_ / model / "snapshots" / revision;
    fs::create_directories(folder);
    std::ofstream(folder / "tokenizer.json") << "{}";
  }
  void SetMain(const std::string& model, const std::string& revision) {
    fs::create_directories(cache_ / model / "refs");
    std::ofstream(cache_ / model / "refs" / "main") << revision;
  }
  std::string Find(const std::string& name) {
    return FindCachedModelIn({"/nowhere", cache_.string()}, name);
  }

  fs::path cache_;
};

TEST_F(HfCacheTest, FindsNothingForNamesThatAreNone) {
  for (const char* name : {"", "org/none", "../x", "a/b/c", "/etc"}) EXPECT_EQ(Find(name), "");
}

TEST_F(HfCacheTest, PrefersTheRevisionOfMain) {
  AddSnapshot("models--org--name", "aaa");
  AddSnapshot("models--org--name", "bbb");
  EXPECT_EQ(Find("org/name"), (cache_ / "models--org--name/snapshots/bbb").string());
  SetMain("models--org--name", "aaa\n");
  EXPECT_EQ(Find("org/name"), (cache_ / "models--org--name/snapshots/aaa").string());
}

TEST_F(HfCacheTest, IgnoresAMainThatPointsNowhereOrOutside) {
  AddSnapshot("models--gpt2", "aaa");
  for (const char* main : {"gone", "../../x", "/etc", ""}) {
    SetMain("models--gpt2", main);
    EXPECT_EQ(Find("gpt2"), (cache_ / "models--gpt2/snapshots/aaa").string());
  }
}

}  // namespace
}  // namespace drumfire
