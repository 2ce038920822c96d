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

using ::testing::ElementsAre;
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
  const auto exported =
      ExportRun(run_.Finish(), missing, ExportNames(missing, ""), ExportLevel::kRecords, {});
  EXPECT_THAT(std::string(exported.status().message()),
              HasSubstr(missing + "/profile_export_aiperf.json"));
}

TEST_F(ExportRunTest, WritesAllFilesUnderTheDefaultNames) {
  const auto exported = ExportRun(run_.Finish(), folder_, ExportNames(folder_, "profile_export"),
                                  ExportLevel::kRecords, {});
  ASSERT_TRUE(exported.ok()) << exported.status();
  for (const char* name :
       {"profile_export_aiperf.json", "profile_export_aiperf.csv",
        "profile_export_aiperf_timeslices.json", "profile_export_aiperf_timeslices.csv"}) {
    EXPECT_NE(Read(name), "") << name;
  }
  EXPECT_THAT(Read("profile_export_console.txt"),
              HasSubstr("File: " + folder_ + "/profile_export_aiperf_timeslices.csv"));
  EXPECT_EQ(Read(".aiperf_results_ready.json"),
            "{\"ready\":true,\"was_cancelled\":false,\"partial\":false}");
  EXPECT_THAT(*exported, ElementsAre(folder_ + "/profile_export_aiperf.json",
                                     folder_ + "/profile_export_aiperf.csv",
                                     folder_ + "/profile_export_aiperf_timeslices.json",
                                     folder_ + "/profile_export_aiperf_timeslices.csv",
                                     folder_ + "/profile_export_console.txt"));
}

TEST_F(ExportRunTest, ARunWithoutSlicesHasNoFileOfThem) {
  TestRun run;
  run.Close();
  const auto exported =
      ExportRun(run.Finish(), folder_, ExportNames(folder_, ""), ExportLevel::kSummary, {"first"});
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_THAT(*exported, ElementsAre("first", folder_ + "/profile_export_aiperf.json",
                                     folder_ + "/profile_export_aiperf.csv",
                                     folder_ + "/profile_export_console.txt"));
}

std::vector<std::string> PathsOfAll(const ExportNames& names) {
  std::vector<std::string> paths;
  for (const ExportFormat* format : ExportFormats()) paths.push_back(names.PathOf(*format));
  return paths;
}

TEST(ExportNamesTest, AreAiperfs) {
  EXPECT_THAT(
      PathsOfAll(ExportNames("/x", "")),
      ElementsAre("/x/inputs.json", "/x/profile_export.jsonl", "/x/profile_export_aiperf.json",
                  "/x/profile_export_aiperf.csv", "/x/profile_export_aiperf_timeslices.json",
                  "/x/profile_export_aiperf_timeslices.csv", "/x/profile_export_console.txt",
                  "/x/.aiperf_results_ready.json"));
}

TEST(ExportNamesTest, APrefixTakesThePlaceOfTheDefaultNames) {
  for (const char* prefix : {"foo", "foo.json", "foo.csv", "foo.jsonl"}) {
    EXPECT_THAT(PathsOfAll(ExportNames("/x", prefix)),
                ElementsAre("/x/inputs.json", "/x/foo.jsonl", "/x/foo.json", "/x/foo.csv",
                            "/x/foo_timeslices.json", "/x/foo_timeslices.csv", "/x/foo_console.txt",
                            "/x/.aiperf_results_ready.json"))
        << prefix;
  }
}

TEST(ExportFormatsTest, TheReadyMarkerIsTheLastAndNotListed) {
  EXPECT_FALSE(ExportFormats().back()->is_listed);
  EXPECT_EQ(ExportFormats().back()->suffix, ".aiperf_results_ready.json");
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
