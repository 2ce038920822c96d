#include "coordinator/cli/artifact_dir.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/dialect/dialect.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/run/folder_lock.h"
#include "coordinator/run/run_directory.h"

namespace drumfire {
namespace {

namespace fs = std::filesystem;

constexpr char kFlag[] = "--artifact-dir";

// 20 -> "20.0", 0.25 -> "0.25", as AIPerf's names have it.
std::string RateText(double rate) {
  const std::string text = absl::StrCat(rate);
  return absl::StrContains(text, '.') || absl::StrContains(text, 'e') ? text
                                                                      : absl::StrCat(text, ".0");
}

std::string LoadText(const v1::Phase& phase) {
  if (phase.mode() == v1::LOAD_FIXED_SCHEDULE) return "fixed_schedule";
  std::string text;
  if (phase.concurrency() > 0) text = absl::StrCat("concurrency", phase.concurrency());
  if (phase.mode() == v1::LOAD_RATE && phase.request_rate() > 0) {
    absl::StrAppend(&text, text.empty() ? "" : "-", "request_rate", RateText(phase.request_rate()));
  }
  return text;
}

// A model's name as one path element, with characters that are safe on every file system.
std::string ModelText(absl::string_view model) {
  constexpr size_t kLongest = 100;
  std::string text(model.substr(0, kLongest));
  for (char& c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        !absl::StrContains("-._", absl::string_view(&c, 1))) {
      c = '_';
    }
  }
  if (text.front() == '.') text.front() = '_';
  return text;
}

// Tried out, since permissions tell little: root, read-only mounts and full disks are decided by
// the system. Leaves nothing behind.
bool TakesNewFolders(const fs::path& folder) {
  std::string probe = (folder / ".drumfire-probe-XXXXXX").string();
  return mkdtemp(probe.data()) != nullptr && rmdir(probe.c_str()) == 0;
}

// The folder itself, or the first of its parents that exists, takes new files.
absl::Status CheckWritable(const std::string& folder) {
  std::error_code error;
  fs::path existing = fs::absolute(folder, error);
  while (!error && !fs::exists(fs::symlink_status(existing, error)) &&
         existing.has_relative_path()) {
    existing = existing.parent_path();
    error.clear();
  }
  if (!fs::is_directory(existing, error)) {
    return UsageError(
        kFlag, absl::StrCat("needs a directory, but ", Quoted(existing.string()), " is not one"));
  }
  if (!TakesNewFolders(existing)) {
    return UsageError(kFlag, absl::StrCat("needs a writable directory, but ",
                                          Quoted(existing.string()), " is not writable"));
  }
  return absl::OkStatus();
}

std::string FreeName(const std::string& wanted) {
  std::string name = wanted;
  std::error_code ignored;
  for (int i = 2; fs::exists(fs::symlink_status(name, ignored)); ++i) {
    name = absl::StrCat(wanted, "-", i);
  }
  return name;
}

}  // namespace

std::string ArtifactFolderName(const v1::Plan& plan) {
  return absl::StrCat(ModelText(plan.models(0)), "-openai-", DialectOf(plan.endpoint()).name, "-",
                      LoadText(*plan.phases().rbegin()));
}

bool HoldsResults(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name == kManifestFileName || absl::EndsWith(name, "_aiperf.json") ||
        absl::StartsWith(name, "profile_export")) {
      return true;
    }
  }
  return false;
}

absl::Status ResolveArtifactDir(const std::string& root, ProfileRequest* request) {
  if (request->artifact_dir.empty()) {
    request->artifact_dir = FreeName(absl::StrCat(root, "/", ArtifactFolderName(request->plan)));
    return CheckWritable(request->artifact_dir);
  }
  if (request->artifact_dir.find('\0') != std::string::npos) {
    return FlagError(kFlag, Quoted(request->artifact_dir), "a path");
  }
  DRUMFIRE_RETURN_IF_ERROR(CheckWritable(request->artifact_dir));
  if (HoldsResults(request->artifact_dir)) {
    // Held only for this check, so that a run in progress is reported before any other problem.
    const auto lock = FolderLock::Take(request->artifact_dir);
    if (!lock.ok()) return UsageError(kFlag, lock.status().message());
  }
  if (!request->overwrite && HoldsResults(request->artifact_dir)) {
    return UsageError(kFlag, absl::StrCat(request->artifact_dir,
                                          " contains the results of an earlier run; choose another "
                                          "directory, or replace them with --overwrite"));
  }
  return absl::OkStatus();
}

}  // namespace drumfire
