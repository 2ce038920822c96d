#include "coordinator/run/run_directory.h"

#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/files/atomic_file.h"
#include "coordinator/ingest/journal_format.h"

namespace drumfire {
namespace {

std::string ManifestPath(const std::string& folder) { return folder + "/" + kManifestFileName; }

}  // namespace

std::string JournalPath(const std::string& folder) { return folder + "/" + kJournalFileName; }

absl::Status MakeRunDirectory(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--artifact-dir: cannot make ", folder, ": ", error.message()));
}

absl::Status WriteManifest(const std::string& folder, const v1::RunManifest& manifest) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(manifest, &json, options);
  if (!printed.ok()) return absl::InternalError(printed.ToString());
  return WriteFileAtomically(ManifestPath(folder), json);
}

absl::StatusOr<v1::RunManifest> ReadManifest(const std::string& folder) {
  const std::string path = ManifestPath(folder);
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": not there; expected a run's folder"));
  const std::string json{std::istreambuf_iterator<char>(in), {}};
  v1::RunManifest manifest;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &manifest);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", parsed.ToString()));
  }
  return manifest;
}

}  // namespace drumfire
