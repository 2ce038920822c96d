// The folder of one run: made before the start, holds the manifest (run.json), the journal and the
// exports.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

constexpr char kManifestFileName[] = "run.json";

// Makes the folder and its parents. Errors name the path and the cause.
absl::Status MakeRunDirectory(const std::string& folder);
// The journal of a short run and its exports.
constexpr uint64_t kLeastRoomBytes = 1 << 20;
// RESOURCE_EXHAUSTED when the disk is as good as full. File systems that do not know their size
// pass.
absl::Status CheckRoom(const std::string& folder, uint64_t least_bytes = kLeastRoomBytes);
// The journal, manifest and exports of an earlier run: none of them may stand beside a later one's.
void RemoveResults(const std::string& folder);
absl::Status WriteManifest(const std::string& folder, const v1::RunManifest& manifest);
// INVALID_ARGUMENT in words unless files of this prefix (--profile-export-prefix) stand in the
// run's folder beside all its other files: no path, and no name that is another file's.
absl::Status CheckExportPrefix(const std::string& prefix);
// NOT_FOUND when the folder holds no run; INVALID_ARGUMENT when its manifest cannot be read.
absl::StatusOr<v1::RunManifest> ReadManifest(const std::string& folder);
std::string JournalPath(const std::string& folder);

}  // namespace drumfire
