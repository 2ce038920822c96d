// Are all files of a run there under their names, the ready marker last, and an unwritable folder
// said?
#include "coordinator/export/export_run.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "coordinator/export/inputs_json.h"
#include "coordinator/export/json_parts.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class ExportRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "export_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    run_.facts.plan.mutable_report()->set_slice_ns(500 * test_records::kMs);
    run_.Close();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Read(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  TestRun run_;
  std::string folder_;
};

// Bodies with the entry and model in them.
class FakeBuilder : public RequestBuilder {
 public:
  void AppendBody(const TurnRef& turn, uint32_t model, std::string* out) const override {
    *out += "{\"messages\":[" + std::to_string(turn.entry) +
            "],\"model\":" + std::to_string(model) + "}";
  }
  void AppendHead(uint32_t, absl::string_view, absl::string_view, size_t,
                  std::string*) const override {}
  const std::string& FullUrl(uint32_t) const override { return url_; }

 private:
  std::string url_;
};

TEST_F(ExportRunTest, MissingFolderIsAnErrorWithThePath) {
  const std::string missing = folder_ + "/none";
  const auto exported = ExportRun(run_.Finish(), missing, ExportNames::In(missing, ""), {});
  EXPECT_THAT(std::string(exported.status().message()),
              HasSubstr(missing + "/profile_export_aiperf.json"));
}

TEST_F(ExportRunTest, WritesAllFilesUnderTheDefaultNames) {
  const auto exported =
      ExportRun(run_.Finish(), folder_, ExportNames::In(folder_, "profile_export"), {});
  ASSERT_TRUE(exported.ok()) << exported.status();
  for (const char* name :
       {"profile_export_aiperf.json", "profile_export_aiperf.csv",
        "profile_export_aiperf_timeslices.json", "profile_export_aiperf_timeslices.csv"}) {
    EXPECT_NE(Read(name), "") << name;
  }
  EXPECT_EQ(Read("profile_export_console.txt"), exported->console);
  EXPECT_EQ(Read(".aiperf_results_ready.json"),
            "{\"ready\":true,\"was_cancelled\":false,\"partial\":false}");
  EXPECT_EQ(exported->files.size(), 5u);
}

TEST_F(ExportRunTest, PrefixTakesThePlaceOfTheDefaultNames) {
  const ExportNames names = ExportNames::In("/x", "foo.json");
  EXPECT_EQ(names.summary_json, "/x/foo.json");
  EXPECT_EQ(names.summary_csv, "/x/foo.csv");
  EXPECT_EQ(names.records_jsonl, "/x/foo.jsonl");
  EXPECT_EQ(names.slices_csv, "/x/foo_timeslices.csv");
  EXPECT_EQ(names.console_text, "/x/foo_console.txt");
  EXPECT_EQ(names.inputs_json, "/x/inputs.json");
  EXPECT_EQ(ExportNames::In("/x", "").records_jsonl, "/x/profile_export.jsonl");
}

TEST_F(ExportRunTest, InputsHoldEveryEntryOnce) {
  run_.facts.plan.add_models("n");
  run_.facts.plan.mutable_dataset()->set_entries(3);
  ASSERT_TRUE(WriteInputsJson(folder_ + "/inputs.json", run_.facts.plan, 10, FakeBuilder()).ok());
  const std::string text = Read("inputs.json");
  const Json json = Json::parse(text);
  ASSERT_EQ(json["data"].size(), 3u);
  EXPECT_EQ(json["data"][2]["session_id"], "session_000002");
  EXPECT_EQ(json["data"][1]["payloads"][0]["model"], 1);
  EXPECT_EQ(text, Pretty(json));
}

TEST(InputsJsonTest, HoldsOnlyWhatWasSent) {
  v1::Plan plan;
  plan.mutable_dataset()->set_entries(100);
  EXPECT_EQ(InputsJsonEntries(plan, 7), 7u);
  EXPECT_EQ(InputsJsonEntries(plan, 1'000), 100u);
}

TEST(InputsJsonTest, IsBoundedHoweverManyPromptsWereSent) {
  v1::Plan plan;
  plan.mutable_dataset()->set_isl_mean(550);
  EXPECT_EQ(EntriesSent(plan, 10'000'000), 10'000'000u);
  EXPECT_EQ(InputsJsonEntries(plan, 10'000'000), kMaxInputsJsonEntries);
  plan.mutable_dataset()->set_isl_mean(1 << 20);
  EXPECT_EQ(InputsJsonEntries(plan, 10'000'000), 32u);
  plan.mutable_dataset()->set_isl_mean(1 << 24);
  plan.mutable_endpoint()->set_batch_size(4096);
  EXPECT_EQ(InputsJsonEntries(plan, 10'000'000), 1u);
}

}  // namespace
}  // namespace drumfire
