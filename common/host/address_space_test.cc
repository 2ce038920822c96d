// Is a process with too little address space refused, with the figures?
#include "common/host/address_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace drumfire {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(AddressSpaceTest, TooLittleIsNamed) {
  EXPECT_THAT(std::string(CheckAddressSpace(150'000 << 10).message()),
              AllOf(HasSubstr("146 MiB (ulimit -v)"), HasSubstr("512 MiB")));
  EXPECT_TRUE(CheckAddressSpace(kLeastAddressSpaceBytes).ok());
}

TEST(AddressSpaceTest, ThisProcessHasEnough) { EXPECT_TRUE(CheckAddressSpace().ok()); }

}  // namespace
}  // namespace drumfire
