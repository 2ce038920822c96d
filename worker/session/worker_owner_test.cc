// Is a worker free again however and whenever its owner leaves, and is the owner left alone by all
// others?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/session/worker_owner_fixture.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::Coordinator;
using ::drumfire::testutil::kHexRunId;
using ::drumfire::testutil::Reached;
using ::testing::HasSubstr;

using WorkerOwnerTest = ::drumfire::testutil::WorkerOwnerFixture;

class WorkerOwnerLeavesTest : public WorkerOwnerTest,
                              public ::testing::WithParamInterface<Reached> {};

INSTANTIATE_TEST_SUITE_P(States, WorkerOwnerLeavesTest,
                         ::testing::Values(Reached::kNoHello, Reached::kLoading, Reached::kLoaded));

TEST_P(WorkerOwnerLeavesTest, ACancelledStreamFreesTheWorker) {
  const auto owner = Visit(GetParam());
  owner->Cancel();
  EXPECT_EQ(owner->Finish().error_code(), grpc::StatusCode::CANCELLED);
  GetParam() == Reached::kNoHello ? ExpectIdle() : ExpectFree();
}

TEST_P(WorkerOwnerLeavesTest, AnOwnerThatHasNothingMoreToSayFreesTheWorker) {
  const auto owner = Visit(GetParam());
  owner->WritesDone();
  EXPECT_TRUE(owner->Finish().ok());
  GetParam() == Reached::kNoHello ? ExpectIdle() : ExpectFree();
}

TEST_P(WorkerOwnerLeavesTest, AWorkerThatStopsEndsTheStreamInOrder) {
  const auto owner = Visit(GetParam());
  server_.reset();
  EXPECT_TRUE(owner->Finish().ok()) << "an end, not a broken connection";
}

TEST_F(WorkerOwnerTest, AGapEndsTheRunWithItsCauseAndFreesTheWorker) {
  const auto owner = Visit(Reached::kLoading);
  owner->Skip();
  owner->Write(Chunk(), plan_);
  EXPECT_THAT(owner->Read().failure().reason(), HasSubstr("message 3 came after message 1"));
  EXPECT_TRUE(owner->Finish().ok());
  ExpectFree();
}

TEST_F(WorkerOwnerTest, AHelloOfAnotherPlanThanItsHashIsRefused) {
  Coordinator coordinator(&*stub_);
  coordinator.Write(Hello("alice"), v1::Plan());
  EXPECT_THAT(coordinator.Read().refused().reason(), HasSubstr("plan hash"));
  EXPECT_TRUE(coordinator.Finish().ok());
  ExpectFree();
}

TEST_F(WorkerOwnerTest, ASecondOwnerIsToldOfTheFirstWhichIsNotDisturbed) {
  const auto first = Visit(Reached::kLoading);
  Coordinator second(&*stub_);
  second.Write(Hello("bob"), plan_);
  const v1::Refused refused = second.Read().refused();
  EXPECT_EQ(refused.reason(), "this worker has an owner");
  EXPECT_EQ(refused.owner(), "alice");
  EXPECT_EQ(refused.owner_run_id(), kHexRunId);
  EXPECT_TRUE(second.Finish().ok());
  EXPECT_FALSE(server_->WaitForRunEnd(absl::ZeroDuration())) << "a refusal is no run";

  first->Write(Chunk(), plan_);
  EXPECT_TRUE(first->Read().has_loaded());
  first->Cancel();
  (void)first->Finish();
}

TEST_F(WorkerOwnerTest, TheStatusNamesTheOwnerWithoutControlCharacters) {
  Coordinator owner(&*stub_);
  owner.Write(Hello("al\x1b[31mice"), plan_);
  ASSERT_TRUE(owner.Read().has_ready());
  const v1::StatusReply status = server_->Status();
  EXPECT_EQ(status.owner(), "al?[31mice");
  EXPECT_EQ(status.run_id(), kHexRunId);
  owner.Cancel();
  (void)owner.Finish();
}

TEST_F(WorkerOwnerTest, APortThatIsTakenIsNamed) {
  WorkerServerOptions options;
  options.listen = Address();
  const auto second = WorkerServer::Create(options, SystemClock());
  EXPECT_EQ(second.status().message(), "--listen: cannot listen on " + Address());
}

}  // namespace
}  // namespace drumfire
