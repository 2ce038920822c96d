// Do names of the real machine give addresses, or an error in time?
#include "coordinator/fleet/worker_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace drumfire {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(WorkerNamesTest, ALookUpThatHangsEndsWithThePatience) {
  std::promise<void> release;
  const auto names = SystemWorkerNames(
      [hang = release.get_future().share()](const std::string&, const std::string&) {
        hang.wait();
        return absl::StatusOr<AddressList>(absl::NotFoundError("no such host"));
      });
  const auto addresses = names->AddressesOf("workers", absl::Milliseconds(1));
  EXPECT_THAT(std::string(addresses.status().message()), HasSubstr("did not end within 1ms"));
  release.set_value();
}

TEST(WorkerNamesTest, SaysWhyThereIsNoAddress) {
  const auto names = SystemWorkerNames([](const std::string&, const std::string&) {
    return absl::StatusOr<AddressList>(absl::NotFoundError("no such host"));
  });
  EXPECT_EQ(names->AddressesOf("workers", absl::Seconds(60)).status().message(), "no such host");
}

TEST(WorkerNamesTest, AnAddressIsItsOwnName) {
  const auto addresses = SystemWorkerNames()->AddressesOf("127.0.0.1", absl::Seconds(60));
  ASSERT_TRUE(addresses.ok()) << addresses.status();
  EXPECT_THAT(*addresses, Contains("127.0.0.1"));
}

}  // namespace
}  // namespace drumfire
