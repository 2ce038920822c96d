// Does `drumfire fleet certs` write a fleet's certificates, with private keys protected, and never
// replace anything?
#include "coordinator/cli/fleet_certs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "common/credentials/credential_files.h"
#include "common/credentials/x509.h"
#include "common/files/read_file.h"
#include "coordinator/cli/fake_inputs.h"
#include "coordinator/cli/fleet_commands.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class FleetCertsTest : public ::testing::Test {
 protected:
  FleetCertsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    root_ = mkdtemp(name.data());
    folder_ = root_ + "/certs";
  }
  ~FleetCertsTest() override { std::filesystem::remove_all(root_); }

  absl::StatusOr<int> Run(const std::string& arguments) {
    return RunFleetCommand(Words(arguments), FakeInputs(), out_);
  }
  absl::StatusOr<FleetCredentials> Read(const std::string& who) {
    return ReadFleetCredentials(
        {folder_ + "/" + who + ".pem", folder_ + "/" + who + "-key.pem", folder_ + "/ca.pem", ""},
        [](const std::string& path) { return ReadSmallFile(path, kMaxCredentialFileBytes); },
        absl::Now());
  }

  std::string root_, folder_;
  std::ostringstream out_;
};

TEST_F(FleetCertsTest, BadInputIsOneLineAndNothingIsWritten) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "fleet requires a command: certs"},
      {"cert", "fleet: found \"cert\", expected certs"},
      {"certs", "fleet certs requires a directory"},
      {"certs " + folder_, "fleet certs requires --hosts"},
      {"certs --hosts a", "fleet certs requires a directory"},
      {"certs " + folder_ + " --hosts", "--hosts requires a value"},
      {"certs " + folder_ + " --hosts a:1", "--hosts: found \"a:1\", expected names or IP"},
      {"certs " + folder_ + " --hosts *.a", "--hosts: found \"*.a\", expected names or IP"},
      {"certs " + folder_ + " --hosts a[2-1]", "--hosts: found \"a[2-1]\": "},
      {"certs " + folder_ + " --hosts a[1-99999]", "--hosts: found \"a[1-99999]\": "},
      {"certs " + folder_ + " --hosts a --days 0", "--days: found \"0\", expected a whole number"},
      {"certs " + folder_ + " " + folder_ + " --hosts a", "fleet certs: found "},
      {"certs " + folder_ + " --host a", "fleet certs: found \"--host\""},
      {"certs /proc/none --hosts a", "fleet certs cannot create the directory \"/proc/none\""},
      {"certs --renew", "fleet certs requires a directory"},
      {"certs " + folder_ + " --renew", "--renew cannot read a file: "}};
  for (const auto& [arguments, begin] : cases) {
    const absl::StatusOr<int> ran = Run(arguments);
    EXPECT_EQ(ran.status().code(), absl::StatusCode::kInvalidArgument) << arguments;
    EXPECT_THAT(std::string(ran.status().message()), HasSubstr(begin));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(FleetCertsTest, NeverReplacesAFile) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ + "/worker-key.pem") << "mine";
  EXPECT_THAT(std::string(Run("certs " + folder_ + " --hosts a").status().message()),
              HasSubstr("worker-key.pem; choose another"));
  EXPECT_EQ(*ReadSmallFile(folder_ + "/worker-key.pem", 100), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/ca.pem"));
}

TEST_F(FleetCertsTest, MakesWhatBothSidesTakeWithKeysForTheOwnerAlone) {
  const absl::StatusOr<int> ran = Run("certs " + folder_ + " --hosts a,10.0.0.1,::1 --days 2");
  ASSERT_TRUE(ran.ok()) << ran.status();
  EXPECT_THAT(out_.str(), HasSubstr("--tls-ca " + folder_ + "/ca.pem"));
  for (const char* who : {"worker", "coordinator"}) {
    EXPECT_TRUE(Read(who).ok()) << Read(who).status();
    struct stat facts {};
    ASSERT_EQ(stat((folder_ + "/" + who + "-key.pem").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
  }
}

TEST_F(FleetCertsTest, TheAuthorityOutlivesItsCertificates) {
  for (const int days : {1, 2000}) {
    ASSERT_TRUE(Run(absl::StrCat("certs ", folder_, " --hosts a --days ", days)).ok());
    const auto pem = ReadSmallFile(folder_ + "/ca.pem", kMaxCredentialFileBytes);
    ASSERT_TRUE(pem.ok()) << pem.status();
    const auto authorities = ReadCertificates(*pem);
    ASSERT_EQ(authorities.size(), 1u);
    EXPECT_GT(EndOf(authorities[0].get()), absl::Now() + absl::Hours(24 * (days - 1)));
    EXPECT_GT(EndOf(authorities[0].get()), absl::Now() + absl::Hours(24 * 365 * 2));
    std::filesystem::remove_all(folder_);
  }
}

TEST_F(FleetCertsTest, RangesStandForTheirNames) {
  ASSERT_TRUE(Run("certs " + folder_ + " --hosts w-[0-2].workers,a").ok());
  const auto pem = ReadSmallFile(folder_ + "/worker.pem", 1 << 20);
  const auto chain = ReadCertificates(*pem);
  for (const char* host : {"w-0.workers", "w-2.workers", "a"}) {
    EXPECT_EQ(X509_check_host(chain[0].get(), host, 0, 0, nullptr), 1) << host;
  }
  EXPECT_EQ(X509_check_host(chain[0].get(), "w-3.workers", 0, 0, nullptr), 0);
}

class FleetRenewTest : public FleetCertsTest {
 protected:
  FleetRenewTest() { EXPECT_TRUE(Run("certs " + folder_ + " --hosts w-[0-1],::1 --days 7").ok()); }

  std::string File(const std::string& name) {
    return ReadSmallFile(folder_ + "/" + name, 1 << 20).value_or("");
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::string RenewError() {
    const auto ran = Run("certs " + folder_ + " --renew");
    EXPECT_EQ(ran.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(ran.status().message());
  }
  CertificatePtr Worker() { return std::move(ReadCertificates(File("worker.pem")).front()); }
};

TEST_F(FleetRenewTest, RefusesWithoutTheAuthoritysOwnKey) {
  const std::string worker = File("worker.pem");
  Write("ca-key.pem", File("worker-key.pem"));
  EXPECT_THAT(RenewError(), HasSubstr("ca-key.pem: found a key that matches no certificate"));
  std::filesystem::remove(folder_ + "/ca-key.pem");
  EXPECT_THAT(RenewError(), HasSubstr("ca-key.pem"));
  EXPECT_THAT(RenewError(), HasSubstr("without the authority's key"));
  EXPECT_EQ(File("worker.pem"), worker);
}

TEST_F(FleetRenewTest, KeepsAuthorityNamesAndDays) {
  const std::string ca = File("ca.pem"), key = File("worker-key.pem");
  ASSERT_TRUE(Run("certs " + folder_ + " --renew").ok());
  EXPECT_EQ(File("ca.pem"), ca);
  EXPECT_NE(File("worker-key.pem"), key);
  EXPECT_THAT(HostsOf(Worker().get()), ::testing::ElementsAre("w-0", "w-1", "::1"));
  EXPECT_LT(absl::AbsDuration(EndOf(Worker().get()) - absl::Now() - absl::Hours(7 * 24)),
            absl::Hours(1));
  for (const char* who : {"worker", "coordinator"}) {
    EXPECT_TRUE(Read(who).ok()) << Read(who).status();
    struct stat facts {};
    ASSERT_EQ(stat((folder_ + "/" + who + "-key.pem").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
  }
  EXPECT_THAT(out_.str(), HasSubstr("worker.pem, worker-key.pem for w-0,w-1,::1\n"));
}

TEST_F(FleetRenewTest, FlagsChangeNamesAndDays) {
  ASSERT_TRUE(Run("certs " + folder_ + " --renew --hosts a --days 5000").status().message() != "");
  ASSERT_TRUE(Run("certs " + folder_ + " --renew --hosts a --days 3650").ok());
  EXPECT_THAT(HostsOf(Worker().get()), ::testing::ElementsAre("a"));
  // Not longer than the authority.
  EXPECT_EQ(EndOf(Worker().get()), EndOf(ReadCertificates(File("ca.pem")).front().get()));
  EXPECT_THAT(out_.str(), HasSubstr("They end with the authority"));
}

TEST_F(FleetRenewTest, FindsItsAuthorityInABundle) {
  const std::string ca = File("ca.pem");
  std::filesystem::rename(folder_, root_ + "/other");
  ASSERT_TRUE(Run("certs " + folder_ + " --hosts a").ok());
  Write("ca.pem", ca + File("ca.pem"));
  ASSERT_TRUE(Run("certs " + folder_ + " --renew").ok());
  EXPECT_TRUE(Read("worker").ok()) << Read("worker").status();
}

}  // namespace
}  // namespace drumfire
