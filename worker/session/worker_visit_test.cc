// Can a stream that says nothing, leaves at any point or takes nothing keep the worker from others?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "absl/time/clock.h"
#include "common/plan/digest.h"
#include "worker/session/worker_owner_fixture.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::Coordinator;
using ::drumfire::testutil::Reached;
using ::testing::HasSubstr;

constexpr int kFastStreams = 300;
// More for a slow test: worker/session/CMakeLists.txt.
constexpr char kStreamsVariable[] = "DRUMFIRE_CANCELLED_STREAMS";

class WorkerVisitTest : public ::drumfire::testutil::WorkerOwnerFixture {
 protected:
  // A channel of its own that gives the worker no more room than HTTP/2 begins with.
  std::unique_ptr<v1::Worker::Stub> NewStub() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 1);
    return v1::Worker::NewStub(
        grpc::CreateCustomChannel(Address(), grpc::InsecureChannelCredentials(), arguments));
  }
  // Whoever owned it before is on the way out.
  std::unique_ptr<Coordinator> Own() {
    while (true) {
      auto coordinator = std::make_unique<Coordinator>(&*stub_);
      coordinator->Write(Hello("alice"), plan_);
      const v1::WorkerMessage answer = coordinator->Read();
      if (answer.has_ready()) return coordinator;
      EXPECT_EQ(answer.refused().reason(), "this worker has an owner");
      (void)coordinator->Finish();
    }
  }
  v1::CoordinatorMessage Prepare() const {
    v1::CoordinatorMessage message;
    message.mutable_prepare()->set_slots(1);
    message.mutable_prepare()->mutable_first_grant()->set_count(1);
    return message;
  }
  // Leaves in the middle of the step of that number.
  void LeaveAt(int step) {
    if (step < 3) {
      Coordinator coordinator(&*stub_);
      if (step == 1) coordinator.AwaitStream();
      if (step == 2) coordinator.Write(Hello("alice"), plan_);
      coordinator.Cancel();
      (void)coordinator.Finish();
      return;
    }
    const auto coordinator = Own();
    if (step > 3) coordinator->Write(Chunk(), plan_);
    if (step > 4) (void)coordinator->Read();
    if (step > 5) coordinator->Write(Prepare(), plan_);
    coordinator->Cancel();
    (void)coordinator->Finish();
  }
  void AwaitIdle() const {
    while (!server_->Status().owner().empty()) sched_yield();
  }
};

TEST_F(WorkerVisitTest, AStreamWithoutAHelloOwnsNothing) {
  Coordinator silent(&*stub_);
  silent.AwaitStream();
  EXPECT_EQ(server_->Status().run_id(), "");
  ExpectIdle();
  silent.Cancel();
  (void)silent.Finish();
}

TEST_F(WorkerVisitTest, AStreamWithoutAHelloEndsByItself) {
  Serve({.first_message = absl::Milliseconds(50)});
  Coordinator silent(&*stub_);
  silent.AwaitStream();
  const grpc::Status end = silent.Finish();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(end.error_message(), "no Hello within 50ms");
  EXPECT_FALSE(server_->WaitForRunEnd(absl::ZeroDuration())) << "it was no run";
}

TEST_F(WorkerVisitTest, AHelloInTimeKeepsItsStream) {
  Serve({.first_message = absl::Milliseconds(50)});
  const auto owner = Visit(Reached::kLoading);
  Coordinator silent(&*stub_);
  silent.AwaitStream();
  (void)silent.Finish();  // begun later, and over by its limit
  owner->Write(Chunk(), plan_);
  EXPECT_TRUE(owner->Read().has_loaded());
  owner->Cancel();
  (void)owner->Finish();
}

TEST_F(WorkerVisitTest, AFirstMessageThatIsNoHelloIsRefused) {
  Coordinator coordinator(&*stub_);
  coordinator.Write(Chunk(), plan_);
  EXPECT_EQ(coordinator.Read().refused().reason(), "the first message is not Hello");
  EXPECT_TRUE(coordinator.Finish().ok());
  ExpectIdle();
}

TEST_F(WorkerVisitTest, TooManyStreamsWithoutAHelloAreRefused) {
  constexpr int kVisitors = 256;
  const auto crowd = NewStub();
  std::vector<std::unique_ptr<Coordinator>> silent;
  for (int i = 0; i < kVisitors; ++i) {
    silent.push_back(std::make_unique<Coordinator>(&*crowd));
    silent.back()->AwaitStream();
  }
  Coordinator last(&*stub_);
  const grpc::Status end = last.Finish();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(end.error_message(), HasSubstr("without a Hello"));
  for (const auto& coordinator : silent) coordinator->Cancel();
  for (const auto& coordinator : silent) (void)coordinator->Finish();
  for (bool is_taken = false; !is_taken;) {  // once the worker knows that they have left
    Coordinator next(&*stub_);
    next.Write(Hello("bob"), plan_);
    is_taken = next.Read().has_ready();
    next.Cancel();
    (void)next.Finish();
  }
}

// Ready does not fit into the room that HTTP/2 gives it, and the peer makes none: whatever it says
// meanwhile, it is let go.
TEST_F(WorkerVisitTest, ACoordinatorThatReadsNothingIsLetGoAndItsCallEnded) {
  Serve({.end = absl::Milliseconds(50)});
  constexpr uint64_t kChunks = 2000;
  v1::Plan plan = plan_;
  v1::Blob* rows = plan.mutable_dataset()->mutable_rows();
  rows->set_size_bytes(kChunks * kChunkBytes);
  while (rows->chunk_sha256_size() < static_cast<int>(kChunks)) {
    rows->add_chunk_sha256(Sha256(std::to_string(rows->chunk_sha256_size())));
  }
  const auto stub = NewStub();
  Coordinator deaf(&*stub);
  v1::CoordinatorMessage hello = Hello("deaf");
  *hello.mutable_hello()->mutable_plan() = plan;
  hello.mutable_hello()->set_lease_ns(200 * kNsPerMs);
  ASSERT_TRUE(deaf.Write(hello, plan));
  v1::CoordinatorMessage heartbeat;
  heartbeat.mutable_heartbeat()->set_sent_ns(-1);
  while (deaf.Write(heartbeat, plan)) absl::SleepFor(absl::Milliseconds(5));
  EXPECT_EQ(deaf.Finish().error_code(), grpc::StatusCode::CANCELLED);
  ExpectFree();
}

// Its clock probes are answered and it reads no answer. A message that is left out would leave a
// gap in the sequence, and say nothing of it.
TEST_F(WorkerVisitTest, ACoordinatorThatTakesNoProbesIsBrokenOff) {
  const auto owner = Visit(Reached::kLoading);
  v1::CoordinatorMessage probe;
  probe.mutable_clock_probe();
  while (owner->Write(probe, plan_)) continue;
  EXPECT_TRUE(server_->WaitForRunEnd(absl::Minutes(1)));
  owner->Cancel();
  (void)owner->Finish();
}

TEST_F(WorkerVisitTest, StreamsThatLeaveAtAnyPointLeaveTheWorkerFree) {
  const char* wanted = std::getenv(kStreamsVariable);
  const int streams = wanted == nullptr ? kFastStreams : std::atoi(wanted);
  for (int i = 0; i < streams; ++i) LeaveAt(i % 7);
  AwaitIdle();
  const auto owner = Own();
  owner->Cancel();
  (void)owner->Finish();
}

}  // namespace
}  // namespace drumfire
