// Do bytes survive being cut into chunks, and is every wrong chunk or blob refused?
#include "common/plan/blob.h"

#include <gtest/gtest.h>

#include "common/plan/digest.h"

namespace drumfire {
namespace {

// Two whole chunks that differ and a rest.
std::string SampleBytes() {
  return std::string(kChunkBytes, 'a') + std::string(kChunkBytes, 'b') + "rest";
}

TEST(BlobTest, NamesTheMissingChunk) {
  ChunkMap chunks;
  const v1::Blob blob = MakeBlob("hello", &chunks);
  EXPECT_EQ(AssembleBlob(blob, {}).status().message(),
            "chunk " + HexEncode(Sha256("hello")) + " is missing");
}

TEST(BlobTest, RefusesChunkOfAnotherHashOrTooLong) {
  EXPECT_TRUE(CheckChunk(Sha256("x"), "x").ok());
  EXPECT_FALSE(CheckChunk(Sha256("x"), "y").ok());
  const std::string too_long(kChunkBytes + 1, 'x');
  EXPECT_FALSE(CheckChunk(Sha256(too_long), too_long).ok());
}

TEST(BlobTest, RefusesSizesThatDoNotBelongTogether) {
  ChunkMap chunks;
  v1::Blob blob = MakeBlob("hello", &chunks);
  blob.set_size_bytes(4);
  EXPECT_EQ(AssembleBlob(blob, chunks).status().message(), "found 5 bytes, expected 4");
  blob.set_size_bytes(kChunkBytes + 1);
  EXPECT_FALSE(ValidateBlob(blob).ok());
  blob.set_size_bytes(~uint64_t{0});
  EXPECT_FALSE(ValidateBlob(blob).ok());
}

// What passes can be parsed: no size is cut to an int.
TEST(BlobTest, RefusesMoreThanAMessageCanHold) {
  v1::Blob blob;
  blob.set_size_bytes(uint64_t{1} << 31);
  for (int i = 0; i < 2048; ++i) blob.add_chunk_sha256(std::string(kDigestBytes, 'x'));
  EXPECT_EQ(ValidateBlob(blob).message(), "found 2147483648 bytes, expected at most 2147483647");
  blob.set_size_bytes(blob.size_bytes() - 1);
  EXPECT_TRUE(ValidateBlob(blob).ok());
}

TEST(BlobTest, RefusesChunkNamesOfWrongLength) {
  v1::Blob blob;
  blob.set_size_bytes(1);
  blob.add_chunk_sha256("short");
  EXPECT_FALSE(ValidateBlob(blob).ok());
}

TEST(BlobTest, RoundTripsAcrossChunkBorders) {
  const std::string all = SampleBytes();
  for (size_t size :
       {size_t{0}, size_t{1}, size_t{kChunkBytes}, size_t{kChunkBytes + 1}, all.size()}) {
    ChunkMap chunks;
    const v1::Blob blob = MakeBlob(all.substr(0, size), &chunks);
    EXPECT_EQ(AssembleBlob(blob, chunks).value(), all.substr(0, size)) << size;
    for (const auto& [name, data] : chunks) EXPECT_TRUE(CheckChunk(name, data).ok());
  }
}

TEST(BlobTest, HoldsEqualChunksOnce) {
  ChunkMap chunks;
  const v1::Blob blob = MakeBlob(std::string(3 * kChunkBytes, 'z'), &chunks);
  EXPECT_EQ(blob.chunk_sha256_size(), 3);
  EXPECT_EQ(chunks.size(), 1U);
}

}  // namespace
}  // namespace drumfire
