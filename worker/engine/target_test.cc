// Are urls taken apart right, and refused when they cannot be connected to?
#include "worker/engine/target.h"

#include <gmock/gmock.h>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(Target, RefusesWhatIsNotHttp) {
  for (const char* url : {"", "localhost:8000", "ftp://host/", "http://", "http://host:99999"}) {
    const auto target = ParseTarget(url);
    ASSERT_FALSE(target.ok()) << url;
    EXPECT_THAT(std::string(target.status().message()), testing::HasSubstr(url));
  }
}

TEST(Target, RefusesAPlanWithoutUrls) { EXPECT_FALSE(ParseTargets(v1::Plan()).ok()); }

TEST(Target, KnowsSchemePortAndLoopback) {
  const auto plain = ParseTarget("http://localhost:8000/v1");
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->address, "localhost:8000");
  EXPECT_FALSE(plain->is_tls);
  EXPECT_TRUE(plain->is_loopback);

  const auto tls = ParseTarget("https://api.example.com");
  ASSERT_TRUE(tls.ok()) << tls.status();
  EXPECT_EQ(tls->address, "api.example.com:443");
  EXPECT_TRUE(tls->is_tls);
  EXPECT_FALSE(tls->is_loopback);
}

TEST(Target, KnowsIpv6) {
  const auto target = ParseTarget("http://[::1]:80");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->address, "[::1]:80");
  EXPECT_TRUE(target->is_loopback);
}

}  // namespace
}  // namespace drumfire
