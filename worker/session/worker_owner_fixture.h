// A coordinator's end of one control stream, and a real worker with plans for it.
//
//   const auto owner = Visit(Reached::kLoaded);
//   owner->Cancel();
//   ExpectFree();
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "common/plan/blob.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "common/record/link_keys.h"
#include "worker/session/worker_server_fixture.h"

namespace drumfire::testutil {

constexpr char kRunId[] = "0123456789abcdef";
constexpr char kHexRunId[] = "30313233343536373839616263646566";

// A plan whose data set is a chunk that the worker lacks.
inline v1::Plan OneChunkPlan(ChunkMap* chunks) {
  v1::DatasetRows rows;
  rows.add_isl(1);
  rows.add_osl(0);
  rows.add_texts("hello");
  v1::Plan plan;
  plan.set_protocol_version(kProtocolVersion);
  plan.add_urls("http://127.0.0.1:9");
  plan.add_models("m");
  plan.mutable_endpoint()->set_batch_size(1);
  plan.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
  plan.mutable_dataset()->set_entries(1);
  *plan.mutable_dataset()->mutable_rows() = MakeBlob(rows.SerializeAsString(), chunks);
  v1::Phase* phase = plan.add_phases();
  phase->set_kind(v1::PHASE_PROFILING);
  phase->set_name("profiling");
  phase->set_concurrency(1);
  phase->set_request_count(1);
  phase->set_grace_period_ns(-1);
  return plan;
}

// A coordinator's end of one control stream.
class Coordinator {
 public:
  explicit Coordinator(v1::Worker::Stub* stub) {
    context_.set_wait_for_ready(true);
    stream_ = stub->Run(&context_);
  }

  // False once the stream is over.
  bool Write(v1::CoordinatorMessage message, const v1::Plan& plan) {
    message.set_epoch(1);
    message.set_sequence(++sequence_);
    message.set_plan_hash(PlanHash(plan));
    return stream_->Write(message);
  }
  // The worker has taken the call: it answers probes before Hello, outside the numbering.
  void AwaitStream() {
    v1::CoordinatorMessage message;
    message.mutable_clock_probe();
    stream_->Write(message);
    EXPECT_TRUE(Read().has_clock_reply());
  }
  // Messages that are lost on the way.
  void Skip() { ++sequence_; }
  // The first message that is no heartbeat; empty at the end of the stream.
  v1::WorkerMessage Read() {
    v1::WorkerMessage message;
    while (stream_->Read(&message)) {
      if (!message.has_heartbeat()) return message;
    }
    return {};
  }
  void Cancel() { context_.TryCancel(); }
  void WritesDone() { stream_->WritesDone(); }
  // Reads to the end.
  grpc::Status Finish() {
    v1::WorkerMessage ignored;
    while (stream_->Read(&ignored)) continue;
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::CoordinatorMessage, v1::WorkerMessage>> stream_;
  uint64_t sequence_ = 0;
};

enum class Reached { kNoHello, kLoading, kLoaded };

class WorkerOwnerFixture : public WorkerServerFixture {
 protected:
  v1::CoordinatorMessage Hello(const std::string& owner) const {
    v1::CoordinatorMessage message;
    v1::Hello* hello = message.mutable_hello();
    hello->set_protocol_version(kProtocolVersion);
    hello->set_run_id(kRunId);
    hello->set_owner(owner);
    hello->set_lease_ns(60 * kNsPerSecond);
    hello->set_records_client_key(keys_.public_key);
    *hello->mutable_plan() = plan_;
    return message;
  }
  v1::CoordinatorMessage Chunk() const {
    v1::CoordinatorMessage message;
    message.mutable_chunk()->set_sha256(chunks_.begin()->first);
    message.mutable_chunk()->set_data(chunks_.begin()->second);
    return message;
  }

  std::unique_ptr<Coordinator> Visit(Reached state) {
    auto coordinator = std::make_unique<Coordinator>(&*stub_);
    coordinator->AwaitStream();
    if (state >= Reached::kLoading) {
      coordinator->Write(Hello("alice"), plan_);
      const v1::WorkerMessage answer = coordinator->Read();
      EXPECT_TRUE(answer.has_ready()) << answer.ShortDebugString();
    }
    if (state >= Reached::kLoaded) {
      coordinator->Write(Chunk(), plan_);
      EXPECT_TRUE(coordinator->Read().has_loaded());
    }
    return coordinator;
  }

  void ExpectFree() {
    EXPECT_TRUE(server_->WaitForRunEnd(absl::Minutes(1)));
    ExpectIdle();
  }
  void ExpectIdle() {
    EXPECT_EQ(server_->Status().owner(), "");
    Coordinator next(&*stub_);
    next.Write(Hello("bob"), plan_);
    const v1::WorkerMessage answer = next.Read();
    EXPECT_TRUE(answer.has_ready()) << answer.ShortDebugString();
    next.Cancel();
    (void)next.Finish();
  }

  ChunkMap chunks_;
  const v1::Plan plan_ = OneChunkPlan(&chunks_);
  const LinkKeys keys_ = *MakeLinkKeys();
};

}  // namespace drumfire::testutil
