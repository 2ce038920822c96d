// Are a manifest and a journal that no run wrote together refused in one line, and does a journal
// of forged entries never end the process?
#include "coordinator/run/recorded_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files/temporary_folder.h"
#include "common/plan/blob.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "common/record/frame.h"
#include "coordinator/export/screen.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/run/run_assembler.h"
#include "coordinator/run/run_directory.h"
#include "coordinator/run/run_exports.h"
#include "google/protobuf/message.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

constexpr char kRunId[] = "0123456789abcdef";

v1::RunManifest RecordedManifest() {
  v1::RunManifest manifest;
  manifest.set_run_id(kRunId);
  manifest.set_version("1");
  manifest.set_export_records(true);
  v1::Plan* plan = manifest.mutable_plan();
  plan->set_protocol_version(kProtocolVersion);
  for (const char* url : {"http://a", "http://b"}) plan->add_urls(url);
  plan->add_models("m");
  plan->mutable_endpoint()->set_batch_size(1);
  plan->mutable_endpoint()->set_streaming(true);
  ChunkMap chunks;
  plan->mutable_tokenizer()->set_kind(v1::TOKENIZER_TIKTOKEN);
  *plan->mutable_tokenizer()->mutable_file() = MakeBlob("IQ== 0\n", &chunks);
  plan->mutable_dataset()->set_entries(100);
  plan->mutable_dataset()->set_isl_mean(550);
  plan->mutable_report()->set_slice_ns(1'000'000'000);
  for (const v1::PhaseKind kind : {v1::PHASE_WARMUP, v1::PHASE_PROFILING}) {
    v1::Phase* phase = plan->add_phases();
    phase->set_kind(kind);
    phase->set_concurrency(2);
    phase->set_request_count(10);
  }
  return manifest;
}

class RecordedRunTest : public ::testing::Test {
 protected:
  // Of the run unless another header is given.
  std::unique_ptr<Journal> WriteRun(const v1::RunManifest& manifest,
                                    const std::string& run_id = kRunId) {
    const std::string folder = Folder();
    EXPECT_TRUE(MakeRunDirectory(folder).ok());
    std::filesystem::remove(JournalPath(folder));
    EXPECT_TRUE(WriteManifest(folder, manifest).ok());
    return *Journal::Create(*CreateJournalFile(JournalPath(folder)),
                            {PlanHash(manifest.plan()), run_id}, nullptr);
  }
  std::string Folder() const { return folder_.File("run"); }
  absl::Status OpenStatus() const { return OpenRecordedRun(Folder()).status(); }

  testutil::TemporaryFolder folder_;
};

TEST_F(RecordedRunTest, WhatOneRunWroteIsTaken) {
  WriteRun(RecordedManifest());
  const auto run = OpenRecordedRun(Folder());
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->manifest.run_id(), kRunId);
}

TEST_F(RecordedRunTest, TheManifestOfAnotherRunIsRefused) {
  WriteRun(RecordedManifest(), "another run's id");
  EXPECT_EQ(OpenStatus().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(OpenStatus().message(),
              HasSubstr("run.json and journal.dfj are not of the same run"));
}

TEST_F(RecordedRunTest, AnotherPlanIsRefused) {
  WriteRun(RecordedManifest());
  v1::RunManifest other = RecordedManifest();
  other.mutable_plan()->set_seed(7);
  ASSERT_TRUE(WriteManifest(Folder(), other).ok());
  EXPECT_THAT(OpenStatus().message(), HasSubstr("found plan hashes"));
}

TEST_F(RecordedRunTest, APlanThatNoRunCouldHaveIsRefused) {
  v1::RunManifest manifest = RecordedManifest();
  manifest.mutable_plan()->clear_phases();
  WriteRun(manifest);
  EXPECT_EQ(OpenStatus().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(OpenStatus().message(), HasSubstr("run.json: no plan of a run: phases"));
  manifest.clear_plan();
  WriteRun(manifest);
  EXPECT_THAT(OpenStatus().message(), HasSubstr("protocol 0"));
}

// --- Forged entries ---

// Values that a run would never write, and some that it would.
class Forger {
 public:
  explicit Forger(uint32_t seed) : random_(seed) {}

  void Fill(google::protobuf::Message* message, int depth = 0) {
    const google::protobuf::Descriptor* descriptor = message->GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const google::protobuf::FieldDescriptor* field = descriptor->field(i);
      if (field->is_map() || Below(3) == 0) continue;
      const int times = field->is_repeated() ? static_cast<int>(Below(4)) : 1;
      for (int n = 0; n < times; ++n) SetField(message, field, depth);
    }
  }
  uint64_t Below(uint64_t end) { return random_() % end; }

 private:
  uint64_t Number() {
    constexpr uint64_t kNumbers[] = {0,
                                     1,
                                     2,
                                     3,
                                     16,
                                     1000,
                                     1u << 31,
                                     UINT32_MAX,
                                     1'000'000'000,
                                     uint64_t{1} << 62,
                                     uint64_t{1} << 63,
                                     UINT64_MAX - 1,
                                     UINT64_MAX};
    return Below(3) > 0 ? Below(3) : kNumbers[Below(std::size(kNumbers))];
  }
  std::string Text() { return std::string(Below(40), static_cast<char>(Below(128))); }

  void SetField(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                int depth) {
    using Field = google::protobuf::FieldDescriptor;
    const google::protobuf::Reflection* reflection = message->GetReflection();
    const auto set = [&](auto value, auto single, auto repeated) {
      field->is_repeated() ? (reflection->*repeated)(message, field, value)
                           : (reflection->*single)(message, field, value);
    };
    using Reflection = google::protobuf::Reflection;
    switch (field->cpp_type()) {
      case Field::CPPTYPE_MESSAGE:
        if (depth > 3) return;
        return Fill(field->is_repeated() ? reflection->AddMessage(message, field)
                                         : reflection->MutableMessage(message, field),
                    depth + 1);
      case Field::CPPTYPE_UINT64:
        return set(Number(), &Reflection::SetUInt64, &Reflection::AddUInt64);
      case Field::CPPTYPE_INT64:
        return set(static_cast<int64_t>(Number()), &Reflection::SetInt64, &Reflection::AddInt64);
      case Field::CPPTYPE_UINT32:
        return set(static_cast<uint32_t>(Number()), &Reflection::SetUInt32, &Reflection::AddUInt32);
      case Field::CPPTYPE_INT32:
        return set(static_cast<int32_t>(Number()), &Reflection::SetInt32, &Reflection::AddInt32);
      case Field::CPPTYPE_ENUM:
        return set(static_cast<int>(Below(12)), &Reflection::SetEnumValue,
                   &Reflection::AddEnumValue);
      case Field::CPPTYPE_BOOL:
        return set(Below(2) == 0, &Reflection::SetBool, &Reflection::AddBool);
      case Field::CPPTYPE_DOUBLE:
        return set(Real(), &Reflection::SetDouble, &Reflection::AddDouble);
      case Field::CPPTYPE_STRING:
        return set(Text(), &Reflection::SetString, &Reflection::AddString);
      default:
        return;
    }
  }
  double Real() {
    constexpr double kReals[] = {0, 1, -1, 1e308, -1e308, HUGE_VAL, -HUGE_VAL};
    return kReals[Below(std::size(kReals))];
  }

  std::mt19937 random_;
};

template <typename Message>
Message Forged(Forger* forger) {
  Message message;
  forger->Fill(&message);
  return message;
}

void AppendForgedBatch(Forger* forger, Journal* journal) {
  v1::RecordBatch batch = Forged<v1::RecordBatch>(forger);
  batch.set_run_id(kRunId);
  std::string frame;
  ASSERT_TRUE(AppendFrame(batch, &frame).ok());
  journal->AppendBatch(frame);
}

void AppendForged(Forger* forger, Journal* journal) {
  switch (forger->Below(6)) {
    case 0:
      return journal->Append(Forged<v1::WorkerFacts>(forger));
    case 1:
      return journal->Append(Forged<v1::PhaseStart>(forger));
    case 2:
      return journal->Append(Forged<v1::WorkerPhaseDone>(forger));
    case 3:
      return journal->Append(Forged<v1::WorkerHistograms>(forger));
    case 4:
      return journal->Append(Forged<v1::RunEnd>(forger));
    default:
      return AppendForgedBatch(forger, journal);
  }
}

TEST_F(RecordedRunTest, ForgedEntriesWithRightChecksumsMakeAReport) {
  for (uint32_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Forger forger(seed);
    const auto journal = WriteRun(RecordedManifest());
    for (int i = 0; i < 20; ++i) AppendForged(&forger, journal.get());
    journal->Write();
    const auto run = OpenRecordedRun(Folder());
    ASSERT_TRUE(run.ok()) << run.status();
    RunAssembler assembler(run->manifest);
    ASSERT_TRUE(run->journal->Read(&assembler).ok());
    const RunResult result = assembler.Finish();
    EXPECT_NE(ScreenText(result, {}, {}), "");
    const auto files = WriteExports(Folder(), run->manifest, result, /*all_records=*/true);
    EXPECT_TRUE(files.ok()) << files.status();
  }
}

}  // namespace
}  // namespace drumfire
