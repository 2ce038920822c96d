// Is a second coordinator told whose a worker is, in text that is safe to show?
#include "coordinator/fleet/owner.h"

#include "common/clock/clock.h"
#include "common/plan/digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr int64_t kMinuteNs = 60 * kNsPerSecond;

v1::Refused RefusedBy(const std::string& run_id, const std::string& owner) {
  v1::Refused refused;
  refused.set_reason("this worker has an owner");
  refused.set_owner_run_id(HexEncode(run_id));
  refused.set_owner(owner);
  refused.set_owned_ns(12 * kMinuteNs);
  return refused;
}

TEST(OwnerTest, HostileBytesDoNotReachTheTerminal) {
  v1::Refused refused = RefusedBy("0123456789abcdef", "alice\x1b]0;owned\x07\n@login1");
  EXPECT_EQ(RefusalText(refused, "other"),
            "it has an owner: run 3031323334.. of alice?]0;owned??@login1, since 12 min");
  refused.set_owner_run_id("\x1b[2J");
  EXPECT_THAT(RefusalText(refused, "other"), HasSubstr("run ?[2J of"));
  refused.Clear();
  refused.set_reason("no\x1b[2J");
  EXPECT_EQ(RefusalText(refused, "other"), "no?[2J");
  EXPECT_LT(RefusalText(RefusedBy("a", std::string(100'000, 'x')), "other").size(), 250u);
}

TEST(OwnerTest, AWorkerListedTwiceIsNamedAsSuch) {
  EXPECT_THAT(RefusalText(RefusedBy("us", "me"), "us"), HasSubstr("this very run"));
}

// Workers of an older version do not tell.
TEST(OwnerTest, WhatIsNotKnownIsLeftOut) {
  EXPECT_EQ(OwnerText("ab12", "", 0), "run ab12");
  EXPECT_EQ(OwnerText("", "bob@h, pid 1", 3 * kNsPerSecond), "a run of bob@h, pid 1, since 3 s");
}

TEST(OwnerTest, AgesAreShort) {
  EXPECT_EQ(AgeText(-5), "0 s");
  EXPECT_EQ(AgeText(119 * kNsPerSecond), "119 s");
  EXPECT_EQ(AgeText(119 * kMinuteNs), "119 min");
  EXPECT_EQ(AgeText(210 * kMinuteNs), "3.5 h");
  EXPECT_EQ(AgeText(72 * 60 * kMinuteNs), "3 d");
}

TEST(OwnerTest, NamesThisProcess) { EXPECT_THAT(OwnerName(), MatchesRegex(".+@.+, pid [0-9]+")); }

}  // namespace
}  // namespace drumfire
