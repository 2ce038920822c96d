// Is every set of certificates that cannot work refused before it is used, and by its flag?
#include "common/credentials/fleet_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/credentials/certificate_authority.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

const absl::Time kCheckTime = absl::FromUnixSeconds(1'800'000'000);
const Validity kValid{kCheckTime - absl::Hours(1), kCheckTime + absl::Hours(1)};
const Validity kOver{kCheckTime - absl::Hours(2), kCheckTime - absl::Hours(1)};
const Validity kLater{kCheckTime + absl::Hours(1), kCheckTime + absl::Hours(2)};

TlsIdentity MakeIdentity(const Validity& ca_validity, const Validity& validity) {
  const auto authority = *CertificateAuthority::Create("test CA", ca_validity);
  const auto issued = *authority.Issue("worker", CertificateUse::kServer, {"a", "::1"}, validity);
  return {authority.pem(), issued.certificate_pem, issued.key_pem};
}

std::string ErrorOf(const TlsIdentity& tls) {
  return std::string(CheckTlsIdentity(tls, kCheckTime).message());
}

TEST(TlsIdentityTest, RefusesExpiredAndEarlyCertificates) {
  EXPECT_THAT(ErrorOf(MakeIdentity(kValid, kOver)),
              HasSubstr("--tls-cert: found a certificate that has expired"));
  EXPECT_THAT(ErrorOf(MakeIdentity(kValid, kLater)),
              HasSubstr("--tls-cert: found a certificate that is not valid yet"));
  EXPECT_THAT(ErrorOf(MakeIdentity(kOver, kValid)),
              HasSubstr("--tls-ca: found a certificate that has expired"));
}

TEST(TlsIdentityTest, RefusesWhatIsNoPemOrDamaged) {
  const TlsIdentity good = MakeIdentity(kValid, kValid);
  TlsIdentity bad = good;
  bad.ca = "nonsense";
  EXPECT_THAT(ErrorOf(bad), HasSubstr("--tls-ca: found no certificate"));
  bad = good;
  bad.certificate.resize(bad.certificate.size() / 2);
  EXPECT_THAT(ErrorOf(bad), HasSubstr("--tls-cert: found no certificate"));
  bad = good;
  bad.key = good.certificate;
  EXPECT_THAT(ErrorOf(bad), HasSubstr("--tls-key: found no private key"));
  bad = good;
  bad.key = MakeIdentity(kValid, kValid).key;
  EXPECT_EQ(ErrorOf(bad),
            "--tls-key: found a key of another certificate, expected the key of --tls-cert");
}

TEST(TlsIdentityTest, TakesAGoodOne) {
  EXPECT_EQ(CheckTlsIdentity(MakeIdentity(kValid, kValid), kCheckTime), absl::OkStatus());
}

TEST(LocalAddressTest, IsLoopbackOrAUnixSocketOnly) {
  for (const char* address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "worker-0:1", "[fe80::1]:1",
                              ":1", "127.0.0.1.example.org:1", "localhost.example.org:1"}) {
    EXPECT_FALSE(IsLocalAddress(address)) << address;
  }
  for (const char* address : {"127.0.0.1:0", "127.9.9.9:1", "[::1]:1", "localhost:1", "unix:/x"}) {
    EXPECT_TRUE(IsLocalAddress(address)) << address;
  }
}

TEST(CertificateHostTest, IsANameOrAnAddress) {
  for (const char* host :
       {"", "a b", "a,b", "*", "a.*.b", "a..b", "[::1]", "a:1", "a/b", "x\ny", "*.workers"}) {
    EXPECT_FALSE(IsCertificateHost(host)) << host;
  }
  for (const char* host :
       {"a", "worker-0.workers.load.svc", "*.workers.load.svc", "10.0.0.1", "fd00::1"}) {
    EXPECT_TRUE(IsCertificateHost(host)) << host;
  }
}

}  // namespace
}  // namespace drumfire
