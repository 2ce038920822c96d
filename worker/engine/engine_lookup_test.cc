// Does a look-up that hangs hold up its own request only, and that no longer than its time limit?
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/net/hanging_lookup.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

class EngineLookUps : public EngineFixture {
 protected:
  const std::string hanging_url_ = absl::StrCat("http://", HangingLookup::kHost, ":80");
};

TEST_P(EngineLookUps, OneThatHangsEndsWithTheConnectTimeout) {
  const HangingLookup hanging;
  plan().mutable_connections()->set_connect_timeout_ns(50 * kNsPerMs);
  StartEngine({hanging_url_});
  EXPECT_EQ(SendAndAwait().error, v1::ERROR_CONNECT_TIMEOUT);
}

TEST_P(EngineLookUps, OneThatHangsCanBeCancelled) {
  const HangingLookup hanging;
  StartEngine({hanging_url_});
  Send();
  AwaitTrue([] { return HangingLookup::waiting() > 0; });
  engine().CancelAll();
  EXPECT_EQ(engine().in_flight(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Both, EngineLookUps, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
