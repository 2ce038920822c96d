// Does each thing that a run is made from come from the plan's blobs, and does the first that is
// wrong end it with its own error?
#include "common/endpoint/workload.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

std::string TinyTokenizer() {
  std::ifstream file("common/tokens/testdata/tiny_tokenizer.json");
  return (std::stringstream() << file.rdbuf()).str();
}

v1::Plan PlanWithTokenizer() {
  v1::Plan plan;
  plan.add_urls("http://127.0.0.1:8000");
  plan.add_models("m");
  plan.mutable_tokenizer()->set_kind(v1::TOKENIZER_HUGGING_FACE);
  plan.mutable_tokenizer()->mutable_file()->set_size_bytes(1);
  plan.mutable_dataset()->set_entries(3);
  plan.mutable_dataset()->set_isl_mean(4);
  return plan;
}

absl::StatusOr<std::shared_ptr<const Workload>> Make(
    const v1::Plan& plan, absl::StatusOr<std::string> tokenizer,
    absl::StatusOr<std::string> rows = std::string()) {
  return MakeWorkload(
      plan, {}, [&](const v1::Blob& blob) { return blob.size_bytes() > 0 ? tokenizer : rows; });
}

TEST(WorkloadTest, TheBlobThatCannotBeReadIsTheError) {
  EXPECT_EQ(Make(PlanWithTokenizer(), absl::NotFoundError("no vocabulary")).status().message(),
            "no vocabulary");
  EXPECT_EQ(
      Make(PlanWithTokenizer(), TinyTokenizer(), absl::NotFoundError("no rows")).status().message(),
      "no rows");
}

TEST(WorkloadTest, DamagedVocabulariesAreRefused) {
  EXPECT_FALSE(Make(PlanWithTokenizer(), std::string("{")).ok());
}

TEST(WorkloadTest, PromptsAreMadeOfThePlansTokens) {
  const auto workload = Make(PlanWithTokenizer(), TinyTokenizer());
  ASSERT_TRUE(workload.ok()) << workload.status();
  ASSERT_NE((*workload)->tokenizer, nullptr);
  std::string text;
  (*workload)->dataset->AppendText(0, 0, 0, &text);
  EXPECT_EQ((*workload)->tokenizer->Count(text), 4u) << text;
  EXPECT_NE((*workload)->builder, nullptr);
}

TEST(WorkloadTest, WithoutATokenizerNoBlobIsReadForOne) {
  v1::Plan plan = PlanWithTokenizer();
  plan.mutable_tokenizer()->set_kind(v1::TOKENIZER_NONE);
  EXPECT_NE(Make(plan, absl::InternalError("read")).status().message(), "read");
}

}  // namespace
}  // namespace drumfire
