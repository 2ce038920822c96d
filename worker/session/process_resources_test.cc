// Does a worker refuse a run that it must not take on, before it binds, reads or dials anything?
#include "worker/session/process_resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/plan/version.h"
#include "common/record/link_keys.h"
#include "worker/session/worker_run.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class ProcessResourcesTest : public ::testing::Test {
 protected:
  ProcessResourcesTest() {
    v1::Plan* plan = hello_.mutable_plan();
    plan->set_protocol_version(kProtocolVersion);
    plan->add_urls("http://127.0.0.1:9");
    plan->add_models("m");
    plan->mutable_endpoint()->set_batch_size(1);
    plan->mutable_tokenizer()->set_kind(v1::TOKENIZER_TIKTOKEN);
    *plan->mutable_tokenizer()->mutable_file() = MakeBlob("IQ== 0\n", &chunks_);
    plan->mutable_dataset()->set_entries(1);
    plan->mutable_dataset()->set_isl_mean(1);
    plan->add_phases()->set_kind(v1::PHASE_PROFILING);
    plan->mutable_phases(0)->set_concurrency(1);
    plan->mutable_phases(0)->set_request_count(1);
    hello_.set_run_id("0123456789abcdef");
    hello_.set_records_client_key(MakeLinkKeys()->public_key);
  }

  absl::StatusOr<v1::Ready> Open() {
    run_ = std::make_unique<WorkerRun>(&resources_, &end_, /*log_runs=*/false);
    return run_->Open(hello_, 1);
  }

  class NoEnd : public ControlEnd {
    void Send(v1::WorkerMessage) override {}
    void Finish() override {}
  };

  v1::Hello hello_;
  ChunkMap chunks_;
  ProcessResources resources_{"tcp://127.0.0.1:*", SystemClock()};
  NoEnd end_;
  std::unique_ptr<WorkerRun> run_;
};

TEST_F(ProcessResourcesTest, DialsNothingButHttp) {
  for (const char* url : {"file:///etc/passwd", "ftp://h", "unix:/run/x", "gopher://h", "h:80"}) {
    hello_.mutable_plan()->set_urls(0, url);
    EXPECT_THAT(std::string(Open().status().message()), HasSubstr("expected http:// or https://"));
  }
}

TEST_F(ProcessResourcesTest, OpensNoFileThatAPlanNames) {
  hello_.mutable_plan()->mutable_tokenizer()->set_name("/etc/passwd");
  const auto ready = Open();
  ASSERT_TRUE(ready.ok()) << ready.status();
  EXPECT_EQ(ready->needed_chunks_size(), 1);  // it comes as bytes
}

TEST_F(ProcessResourcesTest, WantsAKeyForItsRecords) {
  hello_.clear_records_client_key();
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("no key of the coordinator"));
}

TEST_F(ProcessResourcesTest, TakesOnlyChunksThatItAskedFor) {
  ASSERT_TRUE(Open().ok());
  ChunkMap others;
  MakeBlob("something else", &others);
  v1::Chunk chunk;
  chunk.set_sha256(others.begin()->first);
  chunk.set_data(others.begin()->second);
  EXPECT_EQ(run_->AddChunk(chunk).status().message(), "a chunk that was not asked for");
  chunk.set_sha256(chunks_.begin()->first);
  EXPECT_FALSE(run_->AddChunk(chunk).ok());  // other bytes under a wanted name
  chunk.set_data(chunks_.begin()->second);
  EXPECT_TRUE(*run_->AddChunk(chunk));
}

TEST_F(ProcessResourcesTest, HasAnotherKeyForEveryRun) {
  const std::string first = Open()->records_server_key();
  EXPECT_TRUE(IsLinkKey(first));
  EXPECT_NE(Open()->records_server_key(), first);
}

}  // namespace
}  // namespace drumfire
