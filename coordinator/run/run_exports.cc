#include "coordinator/run/run_exports.h"

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/endpoint/request_builder.h"
#include "common/plan/conversations.h"
#include "coordinator/export/formats.h"
#include "coordinator/export/inputs_json.h"
#include "coordinator/export/records_jsonl.h"
#include "coordinator/ingest/journal_reader.h"
#include "coordinator/run/run_directory.h"

namespace drumfire {
namespace {

// Journal entries -> lines of profile_export.jsonl.
class RecordLines : public JournalVisitor {
 public:
  RecordLines(RecordsJsonl* lines, const v1::Plan& plan)
      : phases_(static_cast<uint32_t>(plan.phases_size())), lines_(lines) {}

  void OnBatch(const v1::RecordBatch& batch) override {
    for (const v1::Record& record : batch.records()) {
      if (record.phase() < phases_) lines_->Add(record, batch.worker());
    }
  }
  void OnPhaseStart(const v1::PhaseStart& start) override {
    if (start.phase() < phases_) lines_->SetPhaseStart(start.phase(), start.wall_ns());
  }

 private:
  const uint32_t phases_;  // as in the result, there are no others
  RecordsJsonl* const lines_;
};

// How many records found no place in the file.
absl::StatusOr<uint64_t> WriteRecords(const std::string& folder, const v1::RunManifest& manifest,
                                      const std::string& path, bool all_records) {
  auto lines = RecordsJsonl::Create(path, manifest.plan(), manifest.run_id(),
                                    all_records ? 0 : RecordsJsonl::kDefaultMaxRecords);
  if (!lines.ok()) return lines.status();
  auto journal = JournalReader::Open(JournalPath(folder));
  if (!journal.ok()) return journal.status();
  RecordLines visitor(lines->get(), manifest.plan());
  if (auto read = (*journal)->Read(&visitor); !read.ok()) return read.status();
  if (absl::Status committed = (*lines)->Commit(); !committed.ok()) return committed;
  return (*lines)->left_out();
}

RunResult WithLeftOut(RunResult result, uint64_t left_out) {
  result.notes.push_back(absl::StrCat("profile_export.jsonl ends after ",
                                      RecordsJsonl::kDefaultMaxRecords,
                                      " records; drumfire report "
                                      "DIR --records writes the other ",
                                      left_out, " as well."));
  return result;
}

// One entry each.
uint64_t SessionsOf(const RunResult& result) {
  const Accounts& accounts = result.profiling.accounts;
  return HasConversations(result.facts.plan.dataset()) ? accounts.sessions.scheduled
                                                       : accounts.credits.scheduled;
}

RunResult WithLeftOutInputs(RunResult result) {
  const v1::Plan& plan = result.facts.plan;
  const uint64_t sent = EntriesSent(plan, SessionsOf(result));
  const uint64_t held = InputsJsonEntries(plan, SessionsOf(result));
  if (held == sent) return result;
  result.notes.push_back(absl::StrCat("inputs.json holds the first ", held, " of ", sent,
                                      " prompts; all of them follow from --random-seed ",
                                      plan.seed(), "."));
  return result;
}

}  // namespace

absl::Status WriteInputs(const std::string& folder, const v1::RunManifest& manifest,
                         const RunResult& result, const RequestBuilder& builder) {
  if (!HasInputsJson(manifest.plan())) return absl::OkStatus();
  const ExportNames names(folder, manifest.export_prefix());
  return WriteInputsJson(names.PathOf(kInputsFormat), manifest.plan(), SessionsOf(result), builder);
}

absl::StatusOr<std::vector<std::string>> WriteExports(const std::string& folder,
                                                      const v1::RunManifest& manifest,
                                                      RunResult result, bool all_records) {
  const ExportNames names(folder, manifest.export_prefix());
  const std::string inputs_path = names.PathOf(kInputsFormat);
  const std::string records_path = names.PathOf(kRecordsFormat);
  std::vector<std::string> files;
  if (std::filesystem::exists(inputs_path)) {
    files.push_back(inputs_path);
    result = WithLeftOutInputs(std::move(result));
  }
  const ExportLevel level =
      manifest.export_records() || all_records ? ExportLevel::kRecords : ExportLevel::kSummary;
  if (kRecordsFormat.level <= level) {
    const auto left_out = WriteRecords(folder, manifest, records_path, all_records);
    if (!left_out.ok()) return left_out.status();
    files.push_back(records_path);
    if (*left_out > 0) result = WithLeftOut(std::move(result), *left_out);
  }
  return ExportRun(result, folder, names, level, std::move(files));
}

}  // namespace drumfire
