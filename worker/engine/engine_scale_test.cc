// Do thousands of streams at once all come through whole?
#include <algorithm>

#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

class EngineScale : public EngineFixture {};

TEST_P(EngineScale, TwoThousandStreamsAtOnce) {
  constexpr int kStreams = 2000;
  const ScriptedServer server(
      [](const ServerRequest&) { return PacedChatStream(5, 100 * kNsPerMs); });
  StartEngine({server.url()});
  const auto opened =
      engine().OpenConnections(kStreams, SystemClock().MonotonicNs() + 30 * kNsPerSecond);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, static_cast<uint32_t>(kStreams));
  for (int i = 0; i < kStreams; ++i) Send();
  EXPECT_EQ(engine().in_flight(), static_cast<uint32_t>(kStreams));
  AwaitFinished(kStreams);
  EXPECT_EQ(server.connections(), kStreams);
  const auto is_whole = [](const auto& exchange) {
    return exchange->outcome == v1::OUTCOME_COMPLETED && exchange->content_chunks == 5;
  };
  EXPECT_EQ(std::count_if(finished.begin(), finished.end(), is_whole), kStreams);
}

INSTANTIATE_TEST_SUITE_P(Both, EngineScale, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
