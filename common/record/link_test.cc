// Do the waits of the record stream's threads end when they should, and does a link survive a
// reader that stands still?
#include "common/record/link.h"

#include <gtest/gtest.h>

#include "common/record/wake_event.h"

namespace drumfire {
namespace {

TEST(LinkTest, PollTimeoutIsRoundedUpAndNeverNegativeForADueTime) {
  EXPECT_EQ(PollTimeoutMs(INT64_MAX, 0), -1);
  EXPECT_EQ(PollTimeoutMs(INT64_MIN, 0), 0);
  EXPECT_EQ(PollTimeoutMs(5, 5), 0);
  EXPECT_EQ(PollTimeoutMs(1, 0), 1);
  EXPECT_EQ(PollTimeoutMs(1'000'000, 0), 1);
  EXPECT_EQ(PollTimeoutMs(1'000'001, 0), 2);
  EXPECT_EQ(PollTimeoutMs(INT64_MAX - 1, 0), 60'000);
}

// ZMTP's own heartbeats end the process of a reader that stands still at its high-water mark.
TEST(LinkTest, TheSystemAloneTellsWhetherThePeerIsThere) {
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::pull);
  SetLinkOptions(&socket);
  EXPECT_EQ(socket.get(zmq::sockopt::heartbeat_ivl), 0);
  EXPECT_EQ(socket.get(zmq::sockopt::tcp_keepalive), 1);
  EXPECT_GT(socket.get(zmq::sockopt::tcp_keepalive_idle), 0);
  EXPECT_GT(socket.get(zmq::sockopt::tcp_maxrt), 0);
}

TEST(WakeEventTest, IsReadableFromSignalUntilClear) {
  absl::StatusOr<WakeEvent> wake = WakeEvent::Create();
  ASSERT_TRUE(wake.ok()) << wake.status();
  zmq_pollitem_t item = {nullptr, wake->descriptor(), ZMQ_POLLIN, 0};
  EXPECT_EQ(zmq_poll(&item, 1, 0), 0);
  wake->Signal();
  wake->Signal();
  EXPECT_EQ(zmq_poll(&item, 1, 0), 1);
  wake->Clear();
  EXPECT_EQ(zmq_poll(&item, 1, 0), 0);
}

}  // namespace
}  // namespace drumfire
