// Does a reload take good files, and keep the old credentials when one is broken?
#include "worker/process/credential_reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "absl/time/clock.h"

namespace drumfire {
namespace {

class CredentialReloadTest : public ::testing::Test {
 protected:
  void Reload() {
    const auto read = [this](const std::string& path) -> absl::StatusOr<std::string> {
      const auto file = disk_.find(path);
      if (file == disk_.end()) return absl::NotFoundError("no file " + path);
      return file->second;
    };
    CredentialFiles files;
    files.token = "token";
    ReloadCredentials(files, read, absl::Now(),
                      [this](FleetCredentials credentials) { used_ = std::move(credentials); });
  }

  std::map<std::string, std::string> disk_;
  std::optional<FleetCredentials> used_;
};

TEST_F(CredentialReloadTest, BrokenFilesAreNotUsed) {
  Reload();
  EXPECT_FALSE(used_.has_value());
  disk_["token"] = "short";
  Reload();
  EXPECT_FALSE(used_.has_value());
}

TEST_F(CredentialReloadTest, GoodFilesAreUsed) {
  disk_["token"] = "correct-horse-battery";
  Reload();
  EXPECT_EQ(used_->token, "correct-horse-battery");
}

}  // namespace
}  // namespace drumfire
