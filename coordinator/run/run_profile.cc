#include "coordinator/run/run_profile.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/export/console.h"
#include "coordinator/ingest/journal_reader.h"
#include "coordinator/run/profile_run.h"
#include "coordinator/run/run_directory.h"
#include "coordinator/run/run_exports.h"
#include "coordinator/run/wait_for_model.h"

namespace drumfire {

namespace {

// A folder that holds no run that can be read is bad input.
absl::Status BadFolder(const absl::Status& cause) {
  return absl::InvalidArgumentError(absl::StrCat("report: ", cause.message()));
}

// What cannot be written is shown at least.
absl::Status Export(const ProfileRequest& request, const ProfileRun& run, const RunResult& result) {
  absl::Status inputs = WriteInputs(request.artifact_dir, run.manifest(), run.dataset());
  const auto console =
      WriteExports(request.artifact_dir, run.manifest(), result, /*all_records=*/false);
  std::cout << (console.ok() ? *console : ConsoleText(result, {})) << std::flush;
  inputs.Update(console.status());
  return inputs;
}

}  // namespace

absl::StatusOr<RunResult> RunProfile(const ProfileRequest& request) {
  const SignalStopRequests stop;
  if (absl::Status up = WaitForModel(request, [&] { return stop.count() > 0; }); !up.ok())
    return up;
  ProfileRun run(request, &stop, SystemClock());
  if (absl::Status connected = run.Connect(); !connected.ok()) return connected;
  auto result = run.Execute();
  if (!result.ok()) return result.status();
  if (absl::Status written = Export(request, run, *result); !written.ok()) return written;
  return result;
}

absl::StatusOr<RunResult> RebuildReport(const std::string& folder, bool records) {
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
  const auto console = WriteExports(folder, *manifest, result, records);
  if (!console.ok()) return console.status();
  std::cout << *console << std::flush;
  return result;
}

}  // namespace drumfire
