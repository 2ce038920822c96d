// Which proxy do the environment's variables name for a URL?
#include "common/net/environment_proxy.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

using Variables = std::map<std::string, std::string>;

Proxy ProxyOf(const Variables& variables, const std::string& url) {
  return EnvironmentProxy(*ParseUrl(url), [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(EnvironmentProxy, NoneWithoutVariables) {
  EXPECT_TRUE(ProxyOf({}, "http://vm:8000").empty());
  EXPECT_TRUE(ProxyOf({{"http_proxy", ""}}, "http://vm:8000").empty());
}

TEST(EnvironmentProxy, NeverForThisHost) {
  const Variables variables{{"http_proxy", "http://p:3128"}, {"https_proxy", "http://p:3128"}};
  for (const char* url :
       {"http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "https://localhost:1"}) {
    EXPECT_TRUE(ProxyOf(variables, url).empty()) << url;
  }
}

TEST(EnvironmentProxy, UpperCaseHttpProxyIsARequestHeadersDoing) {
  EXPECT_TRUE(ProxyOf({{"HTTP_PROXY", "http://p:3128"}}, "http://vm").empty());
}

TEST(EnvironmentProxy, ByScheme) {
  const Variables variables{
      {"http_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}, {"all_proxy", "socks5://c:3"}};
  EXPECT_EQ(ProxyOf(variables, "http://vm").url, "http://a:1");
  EXPECT_EQ(ProxyOf(variables, "https://vm").url, "http://b:2");
  EXPECT_EQ(ProxyOf({{"ALL_PROXY", "socks5://c:3"}}, "https://vm").url, "socks5://c:3");
}

TEST(EnvironmentProxy, SchemeAndPortAreFilledIn) {
  EXPECT_EQ(ProxyOf({{"http_proxy", "p"}}, "http://vm").url, "http://p:1080");
  EXPECT_EQ(ProxyOf({{"http_proxy", "p:3128/"}}, "http://vm").url, "http://p:3128");
  EXPECT_EQ(ProxyOf({{"http_proxy", "https://p"}}, "http://vm").url, "https://p:443");
  EXPECT_EQ(ProxyOf({{"http_proxy", "http://[fe80::1]"}}, "http://vm").url,
            "http://[fe80::1]:1080");
}

TEST(EnvironmentProxy, ExemptHosts) {
  const auto is_exempt = [](const std::string& list, const std::string& url) {
    return ProxyOf({{"http_proxy", "p:1"}, {"no_proxy", list}}, url).empty();
  };
  EXPECT_TRUE(is_exempt("*", "http://vm"));
  EXPECT_TRUE(is_exempt("other, vm", "http://vm:8000"));
  EXPECT_TRUE(is_exempt(".example.com", "http://a.example.com"));
  EXPECT_TRUE(is_exempt("Example.COM", "http://a.example.com"));
  EXPECT_TRUE(is_exempt("*.example.com", "http://example.com"));
  EXPECT_TRUE(is_exempt("vm:8000", "http://vm:8000"));
  EXPECT_TRUE(is_exempt("10.0.0.0/8 fd00::/8", "http://10.1.2.3"));
  EXPECT_TRUE(is_exempt("10.0.0.0/8 fd00::/8", "http://[fd00::5]:80"));
  EXPECT_TRUE(is_exempt("[fd00::5]", "http://[fd00::5]:80"));
  EXPECT_TRUE(is_exempt("10.1.2.3", "http://10.1.2.3"));
  EXPECT_FALSE(is_exempt("vm:8001", "http://vm:8000"));
  EXPECT_FALSE(is_exempt("m", "http://vm"));
  EXPECT_FALSE(is_exempt("example.com", "http://notexample.com"));
  EXPECT_FALSE(is_exempt("10.0.0.0/8", "http://11.1.2.3"));
  EXPECT_FALSE(is_exempt("10.0.0.0/x,/8,", "http://10.1.2.3"));
  EXPECT_FALSE(is_exempt("", "http://vm"));
}

TEST(EnvironmentProxy, CredentialsAreNotShown) {
  const Proxy proxy = ProxyOf({{"http_proxy", "http://me:p%40ss@p:3128"}}, "http://vm");
  EXPECT_EQ(proxy.url, "http://me:p%40ss@p:3128");
  EXPECT_EQ(proxy.Shown(), "http://p:3128");
  EXPECT_EQ(proxy.Authorization(), "Basic bWU6cEBzcw==");  // me:p@ss
  EXPECT_EQ(ProxyOf({{"http_proxy", "p:1"}}, "http://vm").Authorization(), "");
}

TEST(EnvironmentProxy, OnlyHttpProxiesForward) {
  EXPECT_TRUE(ProxyOf({{"http_proxy", "p:1"}}, "http://vm").forwards_http());
  EXPECT_FALSE(ProxyOf({{"http_proxy", "socks5h://p:1"}}, "http://vm").forwards_http());
}

}  // namespace
}  // namespace drumfire
