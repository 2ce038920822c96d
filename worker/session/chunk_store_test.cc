// Does a worker keep what it was sent, and only what is what its name says?
#include "worker/session/chunk_store.h"

#include "common/plan/digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ChunkStore, BytesOfAnotherHashAreRefused) {
  ChunkStore store;
  EXPECT_FALSE(store.Add(Sha256("a"), "b").ok());
  EXPECT_THAT(store.Missing({Sha256("a")}), ElementsAre(Sha256("a")));
}

TEST(ChunkStore, AsksForEachMissingChunkOnce) {
  ChunkStore store;
  ASSERT_TRUE(store.Add(Sha256("a"), "a").ok());
  EXPECT_THAT(store.Missing({Sha256("a"), Sha256("b"), Sha256("b")}), ElementsAre(Sha256("b")));
}

TEST(ChunkStore, GivesTheBlobBack) {
  ChunkStore store;
  ChunkMap chunks;
  const v1::Blob blob = MakeBlob("some bytes", &chunks);
  EXPECT_FALSE(store.Assemble(blob).ok());
  for (const auto& [name, data] : chunks) ASSERT_TRUE(store.Add(name, data).ok());
  const auto bytes = store.Assemble(blob);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes, "some bytes");
}

TEST(ChunkStore, KeepsChunksForTheNextRun) {
  ChunkStore store;
  ASSERT_TRUE(store.Add(Sha256("a"), "a").ok());
  store.Trim({Sha256("z")});
  EXPECT_THAT(store.Missing({Sha256("a")}), IsEmpty());
}

}  // namespace
}  // namespace drumfire
