#include "coordinator/run/run_directory.h"

#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/dialect.h"
#include "common/files/atomic_file.h"
#include "coordinator/export/file_names.h"
#include "coordinator/export/formats.h"
#include "coordinator/ingest/journal_format.h"

namespace drumfire {
namespace {

std::string ManifestPath(const std::string& folder) { return folder + "/" + kManifestFileName; }

}  // namespace

absl::Status CheckExportPrefix(const std::string& prefix) {
  constexpr size_t kLongestBytes = 128;
  if (prefix.size() > kLongestBytes || absl::StartsWith(prefix, ".") ||
      prefix.find_first_of(std::string("/\0", 2)) != std::string::npos) {
    return absl::InvalidArgumentError("the beginning of a file name, without a directory");
  }
  std::set<std::string> taken = {ManifestPath(""), JournalPath("")};
  for (const ExportFormat* format : ExportFormats()) {
    const std::string path = ExportNames("", prefix).PathOf(*format);
    if (taken.insert(path).second) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("another one, since ", path.substr(1), " is a file of its own"));
  }
  return absl::OkStatus();
}

std::string JournalPath(const std::string& folder) { return folder + "/" + kJournalFileName; }

absl::Status MakeRunDirectory(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("cannot make ", folder, ": ", error.message()));
}

absl::Status CheckRoom(const std::string& folder, uint64_t least_bytes) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  if (error || space.capacity == 0 || space.available >= least_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("found ", space.available, " bytes free in ",
                                                   folder, ", expected at least ", least_bytes));
}

void RemoveResults(const std::string& folder) {
  const auto manifest = ReadManifest(folder);
  const std::string prefix = manifest.ok() ? manifest->export_prefix() : "";
  const ExportNames names(folder, prefix);
  std::error_code ignored;
  // The marker that the others are complete goes first.
  const auto formats = ExportFormats();
  for (auto format = formats.rbegin(); format != formats.rend(); ++format) {
    std::filesystem::remove(names.PathOf(**format), ignored);
  }
  for (const std::string& file : {JournalPath(folder), ManifestPath(folder)}) {
    std::filesystem::remove(file, ignored);
  }
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
  if (const absl::Status prefix = CheckExportPrefix(manifest.export_prefix()); !prefix.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": export_prefix: expected ", prefix.message()));
  }
  const v1::EndpointType type = manifest.plan().endpoint().type();
  if (FindDialect(type) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": endpoint type ", type, " is not known to this version"));
  }
  return manifest;
}

}  // namespace drumfire
