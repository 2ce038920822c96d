// Does the Java HdrHistogram library read what we write, and do we read what it writes, with equal
// counts and percentiles? Needs a JDK and Debian's libhdrhistogram-java; skipped with the reason
// when one is missing.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/histogram/codec.h"
#include "common/histogram/histogram.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr char kJar[] = "/usr/share/java/hdrhistogram.jar";
constexpr char kSource[] = "common/histogram/testdata/Oracle.java";
const std::vector<double> kPercentiles = {0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100};

// Standard output of a shell command; *exit_code is its own.
std::string OutputOf(const std::string& command, int* exit_code) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    *exit_code = -1;
    return output;
  }
  char buffer[4096];
  for (size_t n = 0; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, n);
  *exit_code = pclose(pipe);
  return output;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The lines that Oracle.java prints, from our own histogram.
std::string Describe(const Histogram& histogram) {
  std::string text = absl::StrCat("count ", histogram.total_count(), "\n");
  for (const double percentile : kPercentiles) {
    absl::StrAppend(&text, "p ", histogram.ValueAtPercentile(percentile), "\n");
  }
  for (size_t i = 0; i < histogram.UsedCounters(); ++i) {
    if (histogram.CountAt(i) == 0) continue;
    absl::StrAppend(&text, "v ", histogram.shape().HighestEquivalent(i), " ", histogram.CountAt(i),
                    "\n");
  }
  return text;
}

class OracleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    int exit_code = 0;
    OutputOf("javac -version 2>/dev/null", &exit_code);
    if (exit_code != 0) GTEST_SKIP() << "no JDK here (javac does not run)";
    if (!std::filesystem::exists(kJar))
      GTEST_SKIP() << "no " << kJar << " (package libhdrhistogram-java)";
    char name[] = "/tmp/drumfire_oracle_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
    OutputOf(absl::StrCat("javac -cp ", kJar, " -d ", folder_, " ", kSource), &exit_code);
    ASSERT_EQ(exit_code, 0);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::string Java(const std::string& arguments) {
    int exit_code = 0;
    std::string output = OutputOf(absl::StrCat("java -XX:TieredStopAtLevel=1 -cp ", kJar, ":",
                                               folder_, " Oracle ", arguments),
                                  &exit_code);
    EXPECT_EQ(exit_code, 0) << arguments;
    return output;
  }
  std::string File() const { return folder_ + "/histogram"; }

  void ExpectJavaReads(const std::string& bytes, const Histogram& histogram) {
    std::ofstream(File(), std::ios::binary) << bytes;
    EXPECT_EQ(Java("read " + File()), Describe(histogram));
  }

  std::string folder_;
};

Histogram RandomLatencies(uint32_t seed) {
  Histogram histogram;
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency_ns(18, 2.5);
  for (int i = 0; i < 50'000; ++i) histogram.Record(static_cast<int64_t>(latency_ns(random)));
  histogram.Record(0);
  histogram.Record(kDefaultHighestValue);
  return histogram;
}

TEST_F(OracleTest, JavaReadsWhatWeWrite) {
  for (const uint32_t seed : {1u, 2u}) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const Histogram histogram = RandomLatencies(seed);
    ExpectJavaReads(EncodeHistogramV2(histogram), histogram);
    ExpectJavaReads(EncodeHistogramV2Compressed(histogram), histogram);
  }
}

TEST_F(OracleTest, JavaReadsAnEmptyHistogram) {
  ExpectJavaReads(EncodeHistogramV2Compressed(Histogram()), Histogram());
}

TEST_F(OracleTest, WeReadWhatJavaWritesAndWriteTheSameBytes) {
  for (const char* shape :
       {"plain 86400000000000 3 7", "compressed 3600000000 3 8", "plain 1000000 2 9",
        "compressed 9000000000 4 10", "plain 50000 1 11"}) {
    SCOPED_TRACE(shape);
    const std::string lines = Java(absl::StrCat("write ", File(), " ", shape));
    const std::string bytes = ReadFile(File());
    const absl::StatusOr<Histogram> histogram = DecodeHistogram(bytes);
    ASSERT_TRUE(histogram.ok()) << histogram.status();
    EXPECT_EQ(Describe(*histogram), lines);
    if (shape[0] != 'p') continue;  // deflated bytes depend on the zlib at hand
    EXPECT_EQ(EncodeHistogramV2(*histogram), bytes);
  }
}

}  // namespace
}  // namespace drumfire
