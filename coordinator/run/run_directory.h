// The folder of one run: made before the start, holds the manifest (run.json), the journal and the
// exports.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

constexpr char kManifestFileName[] = "run.json";

// Makes the folder and its parents. Errors name the path and the cause.
absl::Status MakeRunDirectory(const std::string& folder);
absl::Status WriteManifest(const std::string& folder, const v1::RunManifest& manifest);
// NOT_FOUND when the folder holds no run; INVALID_ARGUMENT when its manifest cannot be read.
absl::StatusOr<v1::RunManifest> ReadManifest(const std::string& folder);
std::string JournalPath(const std::string& folder);

}  // namespace drumfire
