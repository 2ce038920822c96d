#include "coordinator/run/run_profile.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/endpoint/request_secrets.h"
#include "common/host/address_space.h"
#include "common/host/core_dumps.h"
#include "common/status/status_macros.h"
#include "coordinator/run/folder_lock.h"
#include "coordinator/run/profile_run.h"
#include "coordinator/run/recorded_run.h"
#include "coordinator/run/run_directory.h"
#include "coordinator/run/run_exports.h"
#include "coordinator/run/seed_note.h"
#include "coordinator/run/wait_for_model.h"

namespace drumfire {

namespace {

// A folder that holds no run that can be read is bad input.
absl::Status BadFolder(const absl::Status& cause) {
  return absl::InvalidArgumentError(absl::StrCat("report: ", cause.message()));
}

RunReport Export(const ProfileRequest& request, const ProfileRun& run, RunResult result) {
  RunReport report;
  report.written = WriteInputs(request.artifact_dir, run.manifest(), result, run.builder());
  auto exported = WriteExports(request.artifact_dir, run.manifest(), result, /*all_records=*/false);
  report.written.Update(exported.status());
  if (exported.ok()) report.files = {request.artifact_dir, *std::move(exported)};
  report.result = std::move(result);
  return report;
}

bool HoldsSecrets(const ProfileRequest& request) {
  return HasSecrets(request.secrets) || request.credentials.has_token() ||
         request.credentials.has_tls();
}

absl::StatusOr<RunReport> Run(const ProfileRequest& request, const RunContext& context) {
  ProfileRun run(request, context, SystemClock());
  DRUMFIRE_RETURN_IF_ERROR(run.Connect());
  if (request.seed_is_drawn) context.listener->OnNote(SeedNote(request.plan.seed()));
  DRUMFIRE_ASSIGN_OR_RETURN(auto result, run.Execute());
  return Export(request, run, std::move(result));
}

}  // namespace

absl::StatusOr<RunReport> RunProfile(const ProfileRequest& request, const RunContext& context) {
  DRUMFIRE_RETURN_IF_ERROR(CheckAddressSpace());
  if (HoldsSecrets(request)) LeaveMemoryOutOfCoreDumps();
  DRUMFIRE_ASSIGN_OR_RETURN(const auto notes,
                            WaitForModel(
                                request, [&] { return context.stop->count() > 0; },
                                [&](const std::string& line) { context.listener->OnNote(line); }));
  if (notes.empty()) return Run(request, context);
  ProfileRequest informed = request;
  informed.notes.insert(informed.notes.end(), notes.begin(), notes.end());
  return Run(informed, context);
}

absl::StatusOr<RunReport> RebuildReport(const ReportRequest& request, RunListener* listener) {
  const std::string& folder = request.folder;
  const auto lock = FolderLock::Take(folder);
  if (!lock.ok()) return BadFolder(lock.status());
  const auto run = OpenRecordedRun(folder);
  if (!run.ok()) return BadFolder(run.status());
  RunAssembler assembler(run->manifest);
  DRUMFIRE_ASSIGN_OR_RETURN(const auto read, run->journal->Read(&assembler));
  if (read.torn_bytes > 0) {
    listener->OnNote(absl::StrCat(JournalPath(folder), ": the last ", read.torn_bytes,
                                  " bytes are not whole and were left out: ", read.torn_reason));
  }
  RunReport report;
  report.result = assembler.Finish();
  DRUMFIRE_ASSIGN_OR_RETURN(auto exported,
                            WriteExports(folder, run->manifest, report.result, request.records));
  report.files = {folder, std::move(exported)};
  return report;
}

}  // namespace drumfire
