// Is no known secret left in a text, wherever in it and however it came there?
#include "common/text/known_secrets.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(KnownSecretsTest, AHeadThatIsSentBackHasNoSecrets) {
  KnownSecrets secrets;
  secrets.AddHeaderValue("Bearer MARKER-KEY");
  secrets.AddHeaderValue("session=MARKER-COOKIE; theme=dark");
  EXPECT_EQ(secrets.Strike("401 for Authorization: Bearer MARKER-KEY, "
                           "Cookie: session=MARKER-COOKIE; theme=dark"),
            "401 for Authorization: <redacted>, Cookie: <redacted>");
  EXPECT_EQ(secrets.Strike("the key MARKER-KEY is unknown"), "the key <redacted> is unknown");
}

TEST(KnownSecretsTest, ASecretThatWasCutIsNoHint) {
  KnownSecrets secrets;
  secrets.AddHeaderValue("MARKER-KEY");
  EXPECT_EQ(secrets.Strike("the key MARKER-K"), "the key <redacted>");
  EXPECT_EQ(secrets.Strike("the key MAR"), "the key MAR")
      << "too short: it would match ordinary words";
}

TEST(KnownSecretsTest, UrlsHoldSecretsInUserAndQuery) {
  const std::string url = "http://user:MARKER-P@h:1/v1?model=m&api_key=MARKER-K&X-Token=MARKER-T#x";
  KnownSecrets secrets;
  secrets.AddUrl(url);
  EXPECT_EQ(
      secrets.Strike(absl::StrCat("no answer from ", url)),
      "no answer from http://<redacted>@h:1/v1?model=m&api_key=<redacted>&X-Token=<redacted>#x");
  EXPECT_EQ(secrets.Strike("MARKER-P"), "<redacted>") << "the password alone";
  EXPECT_EQ(WithoutSecrets(url),
            "http://<redacted>@h:1/v1?model=m&api_key=<redacted>&X-Token=<redacted>#x");
}

TEST(KnownSecretsTest, WithoutSecretsNothingChanges) {
  KnownSecrets secrets;
  for (const char* url : {"http://h", "h:1/?api_key", "http://h/?model=m&api_key=", "", "?", "://@",
                          "http://h/a@b"}) {
    secrets.AddUrl(url);
    EXPECT_EQ(WithoutSecrets(url), url);
  }
  secrets.AddHeaderValue("abc");
  EXPECT_TRUE(secrets.empty());
  EXPECT_EQ(secrets.Strike("abc"), "abc");
}

}  // namespace
}  // namespace drumfire
