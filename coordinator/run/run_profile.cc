#include "coordinator/run/run_profile.h"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/export/console.h"
#include "coordinator/export/screen.h"
#include "coordinator/ingest/journal_reader.h"
#include "coordinator/run/profile_run.h"
#include "coordinator/run/run_directory.h"
#include "coordinator/run/run_exports.h"
#include "coordinator/run/seed_note.h"
#include "coordinator/run/wait_for_model.h"
#include "coordinator/ui/screen_style.h"

namespace drumfire {

namespace {

// A folder that holds no run that can be read is bad input.
absl::Status BadFolder(const absl::Status& cause) {
  return absl::InvalidArgumentError(absl::StrCat("report: ", cause.message()));
}

// One screen, or all tables. files: empty = nothing was written.
std::string ResultText(const RunResult& result, const ScreenFiles& files, bool full_tables) {
  return full_tables ? ConsoleText(result, files.files)
                     : ScreenText(result, files, ScreenStyleFor(STDOUT_FILENO));
}

// What cannot be written is shown at least.
absl::Status Export(const ProfileRequest& request, const ProfileRun& run, const RunResult& result) {
  absl::Status inputs = WriteInputs(request.artifact_dir, run.manifest(), result, run.dataset());
  const auto exported =
      WriteExports(request.artifact_dir, run.manifest(), result, /*all_records=*/false);
  const ScreenFiles files =
      exported.ok() ? ScreenFiles{request.artifact_dir, *exported} : ScreenFiles();
  std::cout << ResultText(result, files, request.ui == UiMode::kFull) << std::flush;
  inputs.Update(exported.status());
  return inputs;
}

absl::StatusOr<RunResult> Run(const ProfileRequest& request, const StopRequests& stop) {
  ProfileRun run(request, &stop, SystemClock());
  if (absl::Status connected = run.Connect(); !connected.ok()) return connected;
  if (request.seed_is_drawn) std::cerr << "drumfire: " << SeedNote(request.plan.seed()) << "\n";
  auto result = run.Execute();
  if (!result.ok()) return result.status();
  if (absl::Status written = Export(request, run, *result); !written.ok()) return written;
  return result;
}

}  // namespace

absl::StatusOr<RunResult> RunProfile(const ProfileRequest& request) {
  const SignalStopRequests stop;
  const auto notes = WaitForModel(request, [&] { return stop.count() > 0; });
  if (!notes.ok()) return notes.status();
  if (notes->empty()) return Run(request, stop);
  ProfileRequest informed = request;
  informed.notes.insert(informed.notes.end(), notes->begin(), notes->end());
  return Run(informed, stop);
}

absl::StatusOr<RunResult> RebuildReport(const ReportRequest& request) {
  const std::string& folder = request.folder;
  const auto manifest = ReadManifest(folder);
  if (!manifest.ok()) return BadFolder(manifest.status());
  auto journal = JournalReader::Open(JournalPath(folder));
  if (!journal.ok()) return BadFolder(journal.status());
  RunAssembler assembler(*manifest);
  const auto read = (*journal)->Read(&assembler);
  if (!read.ok()) return read.status();
  if (read->torn_bytes > 0) {
    std::cerr << "drumfire: " << JournalPath(folder) << ": the last " << read->torn_bytes
              << " bytes are not whole and were left out: " << read->torn_reason << "\n";
  }
  RunResult result = assembler.Finish();
  const auto exported = WriteExports(folder, *manifest, result, request.records);
  if (!exported.ok()) return exported.status();
  std::cout << ResultText(result, {folder, *exported}, request.full_tables) << std::flush;
  return result;
}

}  // namespace drumfire
