// Does an error leave the function at once and unchanged, and does a value come through once?
#include "common/status/status_macros.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace drumfire {
namespace {

const absl::Status& Error() {
  static const auto* const kError = new absl::Status(absl::NotFoundError("no such thing"));
  return *kError;
}

class StatusMacrosTest : public ::testing::Test {
 protected:
  absl::Status Check(const absl::Status& status) {
    DRUMFIRE_RETURN_IF_ERROR(Count(status));
    has_gone_on_ = true;
    return absl::OkStatus();
  }
  absl::StatusOr<int> CheckOr(const absl::Status& status) {
    DRUMFIRE_RETURN_IF_ERROR(Count(status));
    return 7;
  }
  // The else belongs to the outer if.
  absl::Status CheckIf(bool is_wanted, const absl::Status& status) {
    if (is_wanted)
      DRUMFIRE_RETURN_IF_ERROR(Count(status));
    else
      has_gone_on_ = true;
    return absl::OkStatus();
  }
  absl::Status Count(const absl::Status& status) {
    ++evaluated_;
    return status;
  }
  template <typename T>
  absl::StatusOr<T> CountOr(absl::StatusOr<T> result) {
    ++evaluated_;
    return result;
  }

  int evaluated_ = 0;
  bool has_gone_on_ = false;
};

TEST_F(StatusMacrosTest, AnErrorIsReturnedAtOnceAndUnchanged) {
  EXPECT_EQ(Check(Error()), Error());
  EXPECT_FALSE(has_gone_on_);
  EXPECT_EQ(evaluated_, 1);
  EXPECT_EQ(CheckOr(Error()).status(), Error());
}

TEST_F(StatusMacrosTest, WithoutAnErrorTheFunctionGoesOn) {
  EXPECT_TRUE(Check(absl::OkStatus()).ok());
  EXPECT_TRUE(has_gone_on_);
  EXPECT_EQ(evaluated_, 1);
  EXPECT_EQ(*CheckOr(absl::OkStatus()), 7);
}

TEST_F(StatusMacrosTest, ItIsOneStatement) {
  EXPECT_TRUE(CheckIf(false, Error()).ok());
  EXPECT_TRUE(has_gone_on_);
  EXPECT_EQ(CheckIf(true, Error()), Error());
}

TEST_F(StatusMacrosTest, AnErrorInsteadOfAValueIsReturnedAndTheVariableKeepsItsOwn) {
  int value = 3;
  const auto assign = [&]() -> absl::Status {
    DRUMFIRE_ASSIGN_OR_RETURN(value, CountOr<int>(Error()));
    has_gone_on_ = true;
    return absl::OkStatus();
  };
  EXPECT_EQ(assign(), Error());
  EXPECT_EQ(value, 3);
  EXPECT_FALSE(has_gone_on_);
  EXPECT_EQ(evaluated_, 1);
}

TEST_F(StatusMacrosTest, ValuesAreMovedNotCopied) {
  const auto sum = [this]() -> absl::StatusOr<int> {
    DRUMFIRE_ASSIGN_OR_RETURN(const auto one,
                              CountOr<std::unique_ptr<int>>(std::make_unique<int>(1)));
    DRUMFIRE_ASSIGN_OR_RETURN(std::unique_ptr<int> two,
                              CountOr<std::unique_ptr<int>>(std::make_unique<int>(2)));
    return *one + *two;
  };
  EXPECT_EQ(*sum(), 3);
  EXPECT_EQ(evaluated_, 2);
}

}  // namespace
}  // namespace drumfire
