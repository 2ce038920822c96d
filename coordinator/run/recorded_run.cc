#include "coordinator/run/recorded_run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/plan/digest.h"
#include "common/plan/plan_hash.h"
#include "common/plan/validate_plan.h"
#include "common/plan/version.h"
#include "common/status/status_macros.h"
#include "coordinator/run/run_directory.h"

namespace drumfire {
namespace {

// Its journal's entries mean other things than ours.
absl::Status CheckProtocol(const std::string& folder, const v1::RunManifest& manifest) {
  const uint32_t protocol = manifest.plan().protocol_version();
  if (protocol == kProtocolVersion) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      folder, " was written by Drumfire ", manifest.version(), " with protocol ", protocol,
      ", but this version reads protocol ", kProtocolVersion, "; use the version that wrote it"));
}

absl::Status CheckPlan(const std::string& folder, const v1::RunManifest& manifest) {
  const absl::Status valid = ValidatePlan(manifest.plan());
  if (valid.ok()) return valid;
  return absl::InvalidArgumentError(
      absl::StrCat(folder, "/", kManifestFileName, ": no plan of a run: ", valid.message()));
}

absl::Status CheckSameRun(const std::string& folder, const v1::RunManifest& manifest,
                          const JournalHeader& journal) {
  std::string differ;
  if (manifest.run_id() != journal.run_id) {
    differ =
        absl::StrCat("run ids ", HexEncode(manifest.run_id()), " and ", HexEncode(journal.run_id));
  } else if (PlanHash(manifest.plan()) != journal.plan_hash) {
    differ = absl::StrCat("plan hashes ", HexEncode(PlanHash(manifest.plan())), " and ",
                          HexEncode(journal.plan_hash));
  }
  if (differ.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(folder, ": ", kManifestFileName, " and ", kJournalFileName,
                   " are not of the same run: found ", differ, "; put back the ", kManifestFileName,
                   " that the run wrote"));
}

}  // namespace

absl::StatusOr<RecordedRun> OpenRecordedRun(const std::string& folder) {
  RecordedRun run;
  DRUMFIRE_ASSIGN_OR_RETURN(run.manifest, ReadManifest(folder));
  DRUMFIRE_RETURN_IF_ERROR(CheckProtocol(folder, run.manifest));
  DRUMFIRE_RETURN_IF_ERROR(CheckPlan(folder, run.manifest));
  DRUMFIRE_ASSIGN_OR_RETURN(run.journal, JournalReader::Open(JournalPath(folder)));
  DRUMFIRE_RETURN_IF_ERROR(CheckSameRun(folder, run.manifest, run.journal->header()));
  return run;
}

}  // namespace drumfire
