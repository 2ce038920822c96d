// Does a worker refuse a run that it must not take on, before it binds, reads or dials anything?
#include "worker/session/load_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/plan/version.h"
#include "common/record/link_keys.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class LoadRunnerTest : public ::testing::Test {
 protected:
  LoadRunnerTest() {
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

  absl::StatusOr<v1::Ready> Open() { return runner_.Open(hello_, 1); }

  v1::Hello hello_;
  ChunkMap chunks_;
  ChunkStore store_;
  LoadRunner runner_{{"tcp://127.0.0.1:*"},
                     &store_,
                     SystemClock(),
                     [](v1::WorkerMessage) {},
                     [](const std::function<void()>&) {}};
};

TEST_F(LoadRunnerTest, DialsNothingButHttp) {
  for (const char* url : {"file:///etc/passwd", "ftp://h", "unix:/run/x", "gopher://h", "h:80"}) {
    hello_.mutable_plan()->set_urls(0, url);
    EXPECT_THAT(std::string(Open().status().message()), HasSubstr("expected http:// or https://"));
  }
}

TEST_F(LoadRunnerTest, OpensNoFileThatAPlanNames) {
  hello_.mutable_plan()->mutable_tokenizer()->set_name("/etc/passwd");
  const auto ready = Open();
  ASSERT_TRUE(ready.ok()) << ready.status();
  EXPECT_EQ(ready->needed_chunks_size(), 1);  // it comes as bytes
}

TEST_F(LoadRunnerTest, WantsAKeyForItsRecords) {
  hello_.clear_records_client_key();
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("no key of the coordinator"));
}

TEST_F(LoadRunnerTest, TakesOnlyChunksThatItAskedFor) {
  ASSERT_TRUE(Open().ok());
  ChunkMap others;
  MakeBlob("something else", &others);
  v1::Chunk chunk;
  chunk.set_sha256(others.begin()->first);
  chunk.set_data(others.begin()->second);
  EXPECT_EQ(runner_.AddChunk(chunk).status().message(), "a chunk that was not asked for");
  chunk.set_sha256(chunks_.begin()->first);
  EXPECT_FALSE(runner_.AddChunk(chunk).ok());  // other bytes under a wanted name
  chunk.set_data(chunks_.begin()->second);
  EXPECT_TRUE(*runner_.AddChunk(chunk));
}

TEST_F(LoadRunnerTest, HasAnotherKeyForEveryRun) {
  const std::string first = Open()->records_server_key();
  EXPECT_TRUE(IsLinkKey(first));
  EXPECT_NE(Open()->records_server_key(), first);
}

}  // namespace
}  // namespace drumfire
