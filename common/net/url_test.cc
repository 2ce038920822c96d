// Do users' URLs give the right host, port and path, and broken ones a one-line error?
#include "common/net/url.h"

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

std::string Normal(absl::string_view text) {
  const absl::StatusOr<Url> url = ParseUrl(text);
  return url.ok() ? url->ToString() : absl::StrCat("error: ", url.status().message());
}

std::string Join(absl::string_view base, absl::string_view endpoint) {
  return JoinEndpoint(ParseUrl(base).value(), endpoint).ToString();
}

TEST(UrlErrors, NamesWhatIsWrong) {
  EXPECT_TRUE(absl::StrContains(Normal(""), "no host"));
  EXPECT_TRUE(absl::StrContains(Normal("http://"), "no host"));
  EXPECT_TRUE(absl::StrContains(Normal("http:///v1"), "no host"));
  EXPECT_TRUE(absl::StrContains(Normal("http://:80"), "no host"));
  EXPECT_TRUE(absl::StrContains(Normal("ftp://h"), "unknown scheme \"ftp\""));
  EXPECT_TRUE(absl::StrContains(Normal("http://h:"), "http://h/"));
  EXPECT_TRUE(absl::StrContains(Normal("http://h:0"), "port \"0\""));
  EXPECT_TRUE(absl::StrContains(Normal("http://h:65536"), "port \"65536\""));
  EXPECT_TRUE(absl::StrContains(Normal("http://h:8o"), "port \"8o\""));
  EXPECT_TRUE(absl::StrContains(Normal("http://h:-1"), "port \"-1\""));
  EXPECT_TRUE(absl::StrContains(Normal("http://::1/"), "no host"));
  EXPECT_TRUE(absl::StrContains(Normal("http://fe80::1/"), "needs brackets"));
  EXPECT_TRUE(absl::StrContains(Normal("http://[::1"), "without ']'"));
  EXPECT_TRUE(absl::StrContains(Normal("http://[xyz]"), "not an IPv6 address"));
  EXPECT_TRUE(absl::StrContains(Normal("http://[::1]x"), "between host and path"));
  EXPECT_TRUE(absl::StrContains(Normal("http://a b"), "percent-encoded"));
  EXPECT_TRUE(absl::StrContains(Normal("http://h/\r\nX: y"), "\\r\\n"));
  EXPECT_TRUE(absl::StrContains(Normal("http://ho<st"), "bad host"));
}

TEST(UrlErrors, RefusesCredentialsWithoutShowingThem) {
  const std::string error = Normal("http://user:secret@host/");
  EXPECT_TRUE(absl::StrContains(error, "user name or password"));
  EXPECT_FALSE(absl::StrContains(error, "secret"));
  EXPECT_FALSE(absl::StrContains(Normal("http://h:0/?api_key=secret"), "secret"));
  // A '/' in the password ends the host, so that something else is wrong.
  for (const char* url : {"http://user:pa/secret@host/", "ftp://user:secret@host", "u:secret @h"}) {
    EXPECT_FALSE(absl::StrContains(Normal(url), "secret")) << url;
  }
}

TEST(UrlErrors, NothingMakesItFail) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (size_t size = random() % 20; size > 0; --size) text += "http:/[]?#@.1a"[random() % 14];
    const absl::StatusOr<Url> url = ParseUrl(text);
    if (url.ok()) {
      EXPECT_EQ(Normal(url->ToString()), url->ToString()) << "seed " << seed << " " << text;
    }
  }
}

TEST(Url, Normalises) {
  EXPECT_EQ(Normal("localhost:8000"), "http://localhost:8000/");
  EXPECT_EQ(Normal("localhost"), "http://localhost/");
  EXPECT_EQ(Normal("HTTP://Host.Example:80/V1/"), "http://host.example/V1/");
  EXPECT_EQ(Normal("https://h:443?x=1"), "https://h/?x=1");
  EXPECT_EQ(Normal("https://h:80/a%20b?x=/y#part"), "https://h:80/a%20b?x=/y");
  EXPECT_EQ(Normal("http://[::1]:8000/v1"), "http://[::1]:8000/v1");
  EXPECT_EQ(Normal("[FE80::1]"), "http://[fe80::1]/");
  EXPECT_EQ(Normal("10.0.0.1/x?u=http://y"), "http://10.0.0.1/x?u=http://y");
}

TEST(Url, GivesHostPortAndTarget) {
  const Url url = ParseUrl("https://[::1]/a?b").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.Authority(), "[::1]");
  EXPECT_EQ(url.Target(), "/a?b");
}

TEST(Url, JoinsEndpointPaths) {
  const std::string chat = "/v1/chat/completions";
  for (absl::string_view base :
       {"http://h", "http://h/", "http://h/v1", "http://h/v1/", "http://h/v1/chat/completions"}) {
    EXPECT_EQ(Join(base, chat), "http://h/v1/chat/completions") << base;
  }
  EXPECT_EQ(Join("http://h/api/v1", chat), "http://h/api/v1/chat/completions");
  EXPECT_EQ(Join("http://h/xv1", chat), "http://h/xv1/v1/chat/completions");
  EXPECT_EQ(Join("http://h/v2", chat), "http://h/v2/v1/chat/completions");
  EXPECT_EQ(Join("http://h/v1?key=1", chat), "http://h/v1/chat/completions?key=1");
  EXPECT_EQ(Join("http://h/chat", "/chat/"), "http://h/chat/");
  EXPECT_EQ(Join("http://h", "/"), "http://h/");
}

TEST(Url, KnowsItsOwnHostByName) {
  for (const char* text : {"http://localhost:1", "https://127.0.0.9/v1", "http://[::1]:8000"}) {
    EXPECT_TRUE(ParseUrl(text)->is_loopback()) << text;
  }
  for (const char* text : {"http://localhost.example", "http://10.0.0.1", "http://[::2]"}) {
    EXPECT_FALSE(ParseUrl(text)->is_loopback()) << text;
  }
}

}  // namespace
}  // namespace drumfire
