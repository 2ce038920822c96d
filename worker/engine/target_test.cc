// Do the plan's urls become what connecting needs, and are plans without one refused?
#include "worker/engine/target.h"

#include <gmock/gmock.h>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

absl::StatusOr<std::vector<Target>> Parse(const char* url) {
  v1::Plan plan;
  plan.add_urls(url);
  return ParseTargets(plan);
}

TEST(Target, RefusesAPlanWithoutUrls) { EXPECT_FALSE(ParseTargets(v1::Plan()).ok()); }

TEST(Target, RefusesWhatCannotBeConnectedTo) {
  const auto targets = Parse("ftp://host/");
  ASSERT_FALSE(targets.ok());
  EXPECT_THAT(std::string(targets.status().message()), testing::HasSubstr("ftp://host/"));
}

TEST(Target, KnowsSchemeAndPort) {
  const auto plain = Parse("http://localhost:8000/v1");
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->front().origin, "http://localhost:8000");
  EXPECT_EQ(plain->front().address, "localhost:8000");
  EXPECT_FALSE(plain->front().is_tls);

  const auto tls = Parse("https://api.example.com");
  ASSERT_TRUE(tls.ok()) << tls.status();
  EXPECT_EQ(tls->front().origin, "https://api.example.com");
  EXPECT_EQ(tls->front().address, "api.example.com:443");
  EXPECT_TRUE(tls->front().is_tls);
}

TEST(Target, KnowsIpv6) {
  const auto targets = Parse("http://[::1]:80");
  ASSERT_TRUE(targets.ok()) << targets.status();
  EXPECT_EQ(targets->front().address, "[::1]:80");
}

}  // namespace
}  // namespace drumfire
