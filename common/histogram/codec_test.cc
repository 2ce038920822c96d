// Do histogram bytes survive the way there and back, and are broken ones refused without harm?
#include "common/histogram/codec.h"

#include <zlib.h>

#include <random>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/histogram/big_endian.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

Histogram Sample() {
  Histogram histogram;
  for (int64_t value = 1; value < 10'000'000'000; value = value * 5 / 4 + 3)
    histogram.RecordMany(value, value % 300 + 1);
  return histogram;
}

// A plain encoding with the given header fields and payload.
std::string Plain(uint32_t digits, uint64_t lowest, uint64_t highest, const std::string& payload) {
  std::string bytes;
  AppendBigEndian<uint32_t>(0x1c849313, &bytes);
  AppendBigEndian<uint32_t>(static_cast<uint32_t>(payload.size()), &bytes);
  AppendBigEndian<uint32_t>(0, &bytes);
  AppendBigEndian<uint32_t>(digits, &bytes);
  AppendBigEndian<uint64_t>(lowest, &bytes);
  AppendBigEndian<uint64_t>(highest, &bytes);
  AppendBigEndian<uint64_t>(0x3ff0000000000000, &bytes);
  return bytes + payload;
}

std::string Error(const std::string& bytes) {
  return std::string(DecodeHistogram(bytes).status().message());
}

TEST(CodecTest, RefusesBytesCutAnywhere) {
  for (const std::string& bytes :
       {EncodeHistogramV2(Sample()), EncodeHistogramV2Compressed(Sample())}) {
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(DecodeHistogram(bytes.substr(0, size)).ok()) << size;
    }
    EXPECT_FALSE(DecodeHistogram(bytes + "x").ok());
  }
}

TEST(CodecTest, RefusesImpossibleHeaders) {
  EXPECT_THAT(Error(std::string(60, 'x')), HasSubstr("not a V2 histogram"));
  EXPECT_THAT(Error(Plain(9, 1, 1000, "")), HasSubstr("9 significant digits"));
  EXPECT_THAT(Error(Plain(3, 0, 1000, "")), HasSubstr("lowest value 0"));
  EXPECT_THAT(Error(Plain(3, 1, uint64_t{1} << 63, "")), HasSubstr("highest value"));
  std::string shifted = Plain(3, 1, 1000, "");
  shifted[11] = 1;
  EXPECT_THAT(Error(shifted), HasSubstr("shifted"));
}

// A plain encoding, deflated under the header of a compressed one.
std::string Compressed(const std::string& plain) {
  std::string deflated(compressBound(plain.size()), '\0');
  uLongf size = deflated.size();
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(deflated.data()), &size,
                     reinterpret_cast<const Bytef*>(plain.data()), plain.size()),
            Z_OK);
  deflated.resize(size);
  std::string bytes;
  AppendBigEndian<uint32_t>(0x1c849314, &bytes);
  AppendBigEndian<uint32_t>(static_cast<uint32_t>(size), &bytes);
  return bytes + deflated;
}

TEST(CodecTest, StopsInflatingWhereTheHeaderSaysTheEndIs) {
  const std::string plain = EncodeHistogramV2(Sample());
  EXPECT_TRUE(DecodeHistogram(Compressed(plain)).ok());
  EXPECT_THAT(Error(Compressed(plain + std::string(50 << 20, 'x'))),
              HasSubstr("more compressed bytes than the header says"));
}

TEST(CodecTest, RefusesCountsBeyondTheLastCounter) {
  EXPECT_THAT(Error(Plain(0, 1, 2, std::string(100, '\2'))), HasSubstr("payload of 100 bytes"));
  const std::string longest_zero_run("\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9);
  EXPECT_THAT(Error(Plain(3, 1, 1000, longest_zero_run)), HasSubstr("run past the last"));
  EXPECT_THAT(Error(Plain(3, 1, 1000, "\x80")), HasSubstr("cut short"));
}

TEST(CodecTest, RefusesCountsThatOverflow) {
  const std::string largest_count("\xfe\xff\xff\xff\xff\xff\xff\xff\xff", 9);
  EXPECT_TRUE(DecodeHistogram(Plain(3, 1, 1000, largest_count)).ok());
  EXPECT_THAT(Error(Plain(3, 1, 1000, largest_count + largest_count)), HasSubstr("overflow"));
}

TEST(CodecTest, IgnoresBytesAfterTheZlibStream) {
  std::string bytes = EncodeHistogramV2Compressed(Sample());
  AppendBigEndian<uint32_t>(0, &bytes);
  const auto body_bytes = static_cast<uint32_t>(bytes.size() - 8);
  std::string header;
  AppendBigEndian<uint32_t>(0x1c849314, &header);
  AppendBigEndian<uint32_t>(body_bytes, &header);
  EXPECT_TRUE(DecodeHistogram(header + bytes.substr(8)).ok());
}

TEST(CodecTest, SurvivesRandomDamage) {
  for (uint32_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    std::string bytes =
        seed % 2 == 0 ? EncodeHistogramV2(Sample()) : EncodeHistogramV2Compressed(Sample());
    for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const absl::StatusOr<Histogram> histogram = DecodeHistogram(bytes);
    EXPECT_TRUE(!histogram.ok() || histogram->total_count() >= 0);
  }
}

TEST(CodecTest, WritesTheKnownBytes) {
  Histogram histogram(*HistogramShape::Create(1, 1000, 3));
  histogram.Record(0);
  histogram.RecordMany(3, 64);
  EXPECT_EQ(absl::BytesToHexString(EncodeHistogramV2(histogram)),
            "1c849313000000040000000000000003000000000000000100000000000003e83ff0000000000000"
            "02038001");
}

TEST(CodecTest, RoundTripsPlainAndCompressed) {
  const Histogram histogram = Sample();
  for (const std::string& bytes :
       {EncodeHistogramV2(histogram), EncodeHistogramV2Compressed(histogram)}) {
    const absl::StatusOr<Histogram> decoded = DecodeHistogram(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(*decoded == histogram);
  }
}

TEST(CodecTest, RoundTripsLargeCountsAndAnEmptyHistogram) {
  Histogram large;
  large.RecordMany(5, INT64_MAX / 2);
  large.RecordMany(600, INT64_MAX / 4);
  for (const Histogram& histogram : {large, Histogram()}) {
    const absl::StatusOr<Histogram> decoded =
        DecodeHistogram(EncodeHistogramV2Compressed(histogram));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(*decoded == histogram);
  }
}

}  // namespace
}  // namespace drumfire
