// Are all files and screens of a run the same, byte by byte, as those in testdata/? The run has a
// value of its own in every field, so that none can be left out, mixed up or scaled unseen.
// After a change that is meant: DRUMFIRE_UPDATE_GOLDEN=1 writes the files anew; review their diff.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/files/temporary_folder.h"
#include "common/metrics/goals.h"
#include "coordinator/export/console.h"
#include "coordinator/export/records_jsonl.h"
#include "coordinator/export/screen.h"
#include "coordinator/export/slices_export.h"
#include "coordinator/export/summary_csv.h"
#include "coordinator/export/summary_json.h"
#include "coordinator/results/test_run.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return (std::stringstream() << file.rdbuf()).str();
}

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = "coordinator/export/testdata/" + name;
  if (std::getenv("DRUMFIRE_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  const std::string golden = ReadAll(path);
  const std::vector<std::string> want = absl::StrSplit(golden, '\n');
  const std::vector<std::string> got = absl::StrSplit(text, '\n');
  for (size_t i = 0; i < std::min(want.size(), got.size()); ++i) {
    ASSERT_EQ(got[i], want[i]) << path << ":" << i + 1;
  }
  EXPECT_EQ(got.size(), want.size()) << path;
}

// Gives each number and text that is not set a value of its own.
class FieldFiller {
 public:
  void Fill(Message* message) {
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      FillField(message->GetDescriptor()->field(i), message);
    }
  }

 private:
  void FillField(const FieldDescriptor* field, Message* message) {
    const auto* reflection = message->GetReflection();
    if (field->is_repeated()) return;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return Fill(reflection->MutableMessage(message, field));
    }
    if (!reflection->HasField(*message, field)) SetField(field, message);
  }

  void SetField(const FieldDescriptor* field, Message* message) {
    const auto* reflection = message->GetReflection();
    ++next_;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection->SetInt64(message, field, 1'000'000 + next_);
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection->SetUInt64(message, field, static_cast<uint64_t>(next_));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection->SetUInt32(message, field, static_cast<uint32_t>(next_));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection->SetDouble(message, field, static_cast<double>(next_) + 0.25);
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection->SetString(message, field, absl::StrCat(field->name(), " ", next_));
      default:  // flags and enums mean something: they stay
        return;
    }
  }

  int64_t next_ = 100;
};

class GoldenTest : public ::testing::Test {
 protected:
  GoldenTest() {
    setenv("TZ", "UTC", 1);
    run_.facts.plan.add_urls("http://127.0.0.1:8102/v1");
    run_.facts.plan.mutable_report()->set_slice_ns(1500 * test_records::kMs);
    SetGoals();
    SpoilRecords();
    run_.Close();
    FillFacts();
  }

  void SetGoals() {
    auto* report = run_.facts.plan.mutable_report();
    const auto goodput = ParseGoodput("time_to_first_token:55 request_latency:1000");
    report->mutable_goodput()->Add(goodput->begin(), goodput->end());
    for (const char* goal : {"request_latency:p99>50", "time_to_first_token:avg>2000"}) {
      const auto parsed = ParseFailIf(goal);
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      *report->add_fail_if() = *parsed;
    }
  }

  // Failed, cancelled and sent-again requests; latencies that differ from each other.
  void SpoilRecords() {
    for (size_t k = 0; k < run_.records.size(); ++k)
      Stretch(static_cast<int64_t>(k), &run_.records[k]);
    const auto fail = [this](uint64_t k, uint32_t status, const char* reason, const char* message) {
      run_.records[k] = test_records::Failed(k, run_.records[k].sent_ns() / test_records::kMs,
                                             status, reason, message);
    };
    fail(3, 500, "Internal Server Error", "bad \xff bytes \"quoted\"");
    fail(8, 429, "Too Many Requests", "slow down");
    fail(9, 429, "Too Many Requests", "slow down");
    run_.records[39].set_outcome(v1::OUTCOME_CANCELLED);
    run_.records[12].set_retries(1);
    run_.records[12].set_stale_connection_ns(3 * test_records::kMs);
    run_.records[14].set_segment_losses(2);
  }

  static void Stretch(int64_t k, v1::Record* record) {
    const int64_t more_ns = k * k * 17'000;
    record->set_first_token_ns(record->first_token_ns() + more_ns);
    record->set_first_output_token_ns(record->first_output_token_ns() + more_ns);
    record->set_last_token_ns(record->last_token_ns() + 2 * more_ns);
    record->set_end_ns(record->end_ns() + 3 * more_ns);
    for (uint64_t& gap_ns : *record->mutable_gaps_ns())
      gap_ns += static_cast<uint64_t>(more_ns / 4);
    record->set_reasoning_tokens(static_cast<uint32_t>(k % 3));
    record->mutable_usage()->set_prompt_tokens(static_cast<uint32_t>(100 + k));
    record->mutable_usage()->set_cached_prompt_tokens(static_cast<uint32_t>(k / 2));
  }

  void FillFacts() {
    FieldFiller filler;
    for (v1::WorkerFacts& worker : run_.facts.workers) {
      worker.add_url_proxies("");
      worker.add_url_proxies("http://proxy:3128");
      filler.Fill(&worker);
      v1::WorkerClock& clock = run_.facts.clocks.emplace_back();
      clock.set_worker(worker.worker());
      if (worker.worker() == 0) continue;
      filler.Fill(&clock);
    }
    for (auto& [worker, done] : run_.facts.phases[0].done) filler.Fill(&done);
    for (v1::WorkerStart& start : *run_.facts.phases[0].start.mutable_workers())
      filler.Fill(&start);
    run_.facts.notes = {"seed 1 was given", "a second note"};
    run_.facts.early_end = "the disk is full";
  }

  static ScreenFiles Files() { return {"artifacts/x", {"artifacts/x/a.json", "artifacts/x/b"}}; }

  TestRun run_;
};

TEST_F(GoldenTest, SummaryJson) {
  ExpectGolden("summary.json", SummaryJson(run_.Finish(), "artifacts/x"));
}

TEST_F(GoldenTest, SummaryCsv) { ExpectGolden("summary.csv", SummaryCsv(run_.Finish())); }

TEST_F(GoldenTest, Slices) {
  ExpectGolden("slices.json", SlicesJson(run_.Finish(), "artifacts/x"));
  ExpectGolden("slices.csv", SlicesCsv(run_.Finish()));
}

TEST_F(GoldenTest, Console) {
  ExpectGolden("console.txt", ConsoleText(run_.Finish(), Files().files));
}

TEST_F(GoldenTest, Screens) {
  ExpectGolden("screen_80.txt", ScreenText(run_.Finish(), Files(), {.width = 80}));
  ExpectGolden("screen_160.txt",
               ScreenText(run_.Finish(), Files(), {.width = 160, .colour = true}));
}

TEST_F(GoldenTest, Records) {
  const testutil::TemporaryFolder folder;
  const std::string path = folder.File("profile_export.jsonl");
  auto file = RecordsJsonl::Create(path, run_.facts.plan, run_.facts.run_id, 0);
  ASSERT_TRUE(file.ok()) << file.status();
  (*file)->SetPhaseStart(0, TestRun::kWallStartNs);
  FieldFiller filler;
  for (const size_t k : {3, 8, 12, 20, 39}) {
    v1::Record record = run_.records[k];
    (*file)->Add(record, 7);
    filler.Fill(&record);
    (*file)->Add(record, 8);
  }
  ASSERT_TRUE((*file)->Commit().ok());
  ExpectGolden("records.jsonl", ReadAll(path));
}

}  // namespace
}  // namespace drumfire
