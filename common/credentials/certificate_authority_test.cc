// Is an authority found by its key, and does it issue exactly the use, hosts and days asked for?
#include "common/credentials/certificate_authority.h"

#include <openssl/x509v3.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Validity kOneDay{absl::UnixEpoch(), absl::UnixEpoch() + absl::Hours(24)};

CertificateAuthority Authority(const std::string& name) {
  auto authority = CertificateAuthority::Create(name, kOneDay);
  EXPECT_TRUE(authority.ok()) << authority.status();
  return *std::move(authority);
}

std::string LoadError(const std::string& certificates, const std::string& key) {
  return std::string(CertificateAuthority::Load(certificates, key).status().message());
}

TEST(CertificateAuthorityTest, AKeyThatIsNoneOrFitsNothingIsRefused) {
  const CertificateAuthority one = Authority("one"), other = Authority("other");
  EXPECT_THAT(LoadError(one.pem(), "no key"), HasSubstr("no private key"));
  EXPECT_THAT(LoadError(one.pem(), one.pem()), HasSubstr("no private key"));
  EXPECT_THAT(LoadError(one.pem(), other.key_pem()), HasSubstr("matches no certificate"));
  EXPECT_THAT(LoadError("", one.key_pem()), HasSubstr("matches no certificate"));
}

TEST(CertificateAuthorityTest, ItsKeyFindsItInABundle) {
  const CertificateAuthority one = Authority("one"), other = Authority("other");
  const auto loaded = CertificateAuthority::Load(one.pem() + other.pem(), other.key_pem());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->pem(), other.pem());
  EXPECT_EQ(loaded->key_pem(), other.key_pem());
  EXPECT_EQ(loaded->end(), kOneDay.until);
}

TEST(CertificateAuthorityTest, IssuesForTheUseHostsAndDaysAskedFor) {
  const CertificateAuthority authority = Authority("one");
  const std::vector<std::string> hosts = {"node1", "*.x.y", "10.0.0.1"};
  for (const CertificateUse use : {CertificateUse::kServer, CertificateUse::kClient}) {
    const auto issued = authority.Issue("leaf", use, hosts, kOneDay);
    ASSERT_TRUE(issued.ok()) << issued.status();
    const auto leaf = ReadCertificates(issued->certificate_pem);
    ASSERT_EQ(leaf.size(), 1u);
    EXPECT_THAT(HostsOf(leaf[0].get()), ElementsAre("node1", "*.x.y", "10.0.0.1"));
    EXPECT_EQ(StartOf(leaf[0].get()), kOneDay.from);
    EXPECT_EQ(EndOf(leaf[0].get()), kOneDay.until);
    const bool is_server = use == CertificateUse::kServer;
    EXPECT_EQ(X509_check_purpose(leaf[0].get(), X509_PURPOSE_SSL_SERVER, 0), is_server ? 1 : 0);
    EXPECT_EQ(X509_check_purpose(leaf[0].get(), X509_PURPOSE_SSL_CLIENT, 0), is_server ? 0 : 1);
    EXPECT_EQ(X509_check_ca(leaf[0].get()), 0) << "it may not issue others";
    const KeyPtr authority_key = ReadKey(authority.key_pem());
    EXPECT_EQ(X509_verify(leaf[0].get(), authority_key.get()), 1);
    EXPECT_EQ(X509_check_private_key(leaf[0].get(), ReadKey(issued->key_pem).get()), 1);
  }
}

}  // namespace
}  // namespace drumfire
