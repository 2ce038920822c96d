// Is the hint the word that was meant, and is there none when nothing is near?
#include "coordinator/cli/nearest.h"

#include <gtest/gtest.h>

#include <string>

namespace drumfire {
namespace {

TEST(EditDistanceTest, CountsEveryKindOfSlipOnce) {
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("abc", "abc"), 0U);
  EXPECT_EQ(EditDistance("abc", "abxc"), 1U);
  EXPECT_EQ(EditDistance("abc", "ac"), 1U);
  EXPECT_EQ(EditDistance("abc", "axc"), 1U);
  EXPECT_EQ(EditDistance("abc", "acb"), 1U);
}

TEST(NearestTest, FindsTheTypedWordOrNothing) {
  const absl::string_view words[] = {"--concurrency", "--request-count", "--url"};
  EXPECT_EQ(Nearest("--concurency", words), "--concurrency");
  EXPECT_EQ(Nearest("--ulr", words), "--url");
  EXPECT_EQ(Nearest("--quantum", words), "");
  EXPECT_EQ(Nearest("--", words), "");
  EXPECT_EQ(Nearest(std::string(1000, '-'), words), "");
}

TEST(NearestTest, PrefersWhatHasTheWordAsAPart) {
  const absl::string_view words[] = {"--late", "--warmup-request-rate", "--request-rate",
                                     "--concurrency"};
  EXPECT_EQ(Nearest("--rate", words), "--request-rate");
  EXPECT_EQ(Nearest("--conc", words), "--concurrency");
  EXPECT_EQ(Nearest("--currency", words), "--concurrency");
}

}  // namespace
}  // namespace drumfire
