// Does a question before the run end in time, whatever hangs?
#include "coordinator/run/http_probe.h"

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/net/hanging_lookup.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

ProbeQuestion QuestionToHangingHost(int64_t timeout_ns) {
  return {absl::StrCat("http://", HangingLookup::kHost, "/v1/models"), 0, "", timeout_ns};
}

TEST(HttpProbe, ALookUpThatHangsEndsWithTheTimeout) {
  const HangingLookup hanging;
  const ProbeAnswer answer =
      AskServer({}, QuestionToHangingHost(50 * kNsPerMs), [] { return false; });
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.error, "");
}

TEST(HttpProbe, ALookUpThatHangsCanBeGivenUp) {
  const HangingLookup hanging;
  const ProbeAnswer answer =
      AskServer({}, QuestionToHangingHost(3600 * kNsPerSecond), [] { return true; });
  EXPECT_NE(answer.error, "");
}

}  // namespace
}  // namespace drumfire
