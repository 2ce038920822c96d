// Do the flags' files become credentials, or one line that names the flag?
#include "common/credentials/credential_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "common/credentials/certificate_authority.h"

namespace drumfire {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr char kToken[] = "correct-horse-battery";

class CredentialFilesTest : public ::testing::Test {
 protected:
  CredentialFilesTest() {
    const Validity validity{kNow - absl::Hours(1), kNow + absl::Hours(1)};
    const auto authority = *CertificateAuthority::Create("test CA", validity);
    const auto issued = *authority.Issue("c", CertificateUse::kClient, {}, validity);
    disk_ = {{"ca", authority.pem()},
             {"cert", issued.certificate_pem},
             {"key", issued.key_pem},
             {"token", absl::StrCat(kToken, "\n")}};
  }

  absl::StatusOr<FleetCredentials> Read(const CredentialFiles& files) {
    const auto read = [this](const std::string& path) -> absl::StatusOr<std::string> {
      const auto file = disk_.find(path);
      if (file == disk_.end()) return absl::NotFoundError(absl::StrCat("no file ", path));
      return file->second;
    };
    return ReadFleetCredentials(files, read, kNow);
  }

  std::map<std::string, std::string> disk_;
};

TEST_F(CredentialFilesTest, WantsAllThreeOfTls) {
  EXPECT_EQ(Read({"cert", "key", "", ""}).status().message(),
            "--tls-ca: found no file, expected --tls-cert, --tls-key and --tls-ca");
  EXPECT_THAT(std::string(Read({"", "", "ca", ""}).status().message()), HasSubstr("--tls-cert: "));
}

TEST_F(CredentialFilesTest, NamesTheFlagOfAFileThatIsNotThere) {
  EXPECT_EQ(Read({"cert", "none", "ca", ""}).status().message(),
            "--tls-key: found no file none, expected a PEM file");
  EXPECT_THAT(std::string(Read({"", "", "", "none"}).status().message()),
              HasSubstr("--fleet-token-file: found no file none"));
}

TEST_F(CredentialFilesTest, ChecksWhatIsInTheFiles) {
  EXPECT_THAT(std::string(Read({"key", "key", "ca", ""}).status().message()),
              HasSubstr("--tls-cert: found no certificate"));
  EXPECT_THAT(std::string(Read({"key", "key", "ca", ""}).status().message()), EndsWith(" (key)"));
  disk_["token"] = "tiny";
  EXPECT_THAT(
      std::string(Read({"", "", "", "token"}).status().message()),
      AllOf(HasSubstr("--fleet-token-file: found a token of 4 bytes"), EndsWith(" (token)")));
}

TEST_F(CredentialFilesTest, GivesWhatWasAskedForAndNoMore) {
  EXPECT_FALSE(Read({})->has_tls());
  EXPECT_FALSE(Read({})->has_token());
  const auto all = Read({"cert", "key", "ca", "token"});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_TRUE(all->has_tls());
  EXPECT_EQ(all->token, kToken);
}

}  // namespace
}  // namespace drumfire
