// Does a fleet stay alive while work takes longer than its leases?
#include "coordinator/run/aside_stage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/loop/testing.h"
#include "coordinator/fleet/fleet_test_fixture.h"

namespace drumfire {
namespace {

class AsideStageTest : public FleetTest {
 protected:
  // The work is done once the time is over.
  void DriveUntil(int64_t done_ns, bool beats) {
    links_->on_wait = [this, done_ns, beats] {
      for (const uint32_t worker : {0u, 1u}) {
        if (beats) Queue(worker)->mutable_heartbeat()->set_sent_ns(clock_.MonotonicNs());
      }
      if (clock_.MonotonicNs() >= done_ns) loops_.RunUntilIdle();
    };
    AsideStage stage([this] { worked_ = true; }, fleet_.get(), &loops_);
    Drive(&stage, fleet_.get(), clock_);
  }
  int64_t AnswersTo(uint32_t worker) const {
    const auto& sent = links_->sent.at(worker);
    return std::count_if(sent.begin(), sent.end(),
                         [](const auto& message) { return message.has_heartbeat(); });
  }

  testutil::ManualLoops loops_{&clock_};
  bool worked_ = false;
};

TEST_F(AsideStageTest, HeartbeatsAreAnsweredWhileTheWorkLasts) {
  Connect();
  const int64_t before = AnswersTo(1);
  DriveUntil(clock_.MonotonicNs() + 3 * kLeaseNs, /*beats=*/true);
  EXPECT_TRUE(worked_);
  EXPECT_GT(AnswersTo(1), before + 10);
  EXPECT_FALSE(fleet_->member(0).lost);
  EXPECT_FALSE(fleet_->member(1).lost);
}

TEST_F(AsideStageTest, WhoIsLostMeanwhileIsLostAfterwards) {
  Connect();
  DriveUntil(clock_.MonotonicNs() + 3 * kLeaseNs, /*beats=*/false);
  EXPECT_TRUE(worked_);
  EXPECT_TRUE(fleet_->member(0).lost);
}

}  // namespace
}  // namespace drumfire
