#include "coordinator/cli/report_command.h"

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

constexpr absl::string_view kExpected = "one directory, --records and --ui";

absl::Status ReadUi(absl::string_view value, ReportRequest* request) {
  request->full_tables = value == "full";
  for (const absl::string_view known : {"full", "dashboard", "simple", "none"}) {
    if (value == known) return absl::OkStatus();
  }
  return FlagError("--ui", Quoted(value), "full, dashboard, simple or none");
}

absl::Status CheckFolder(const std::string& folder) {
  if (folder.empty()) return UsageError("report", "requires the directory of a run");
  std::error_code ignored;
  if (std::filesystem::is_directory(folder, ignored)) return absl::OkStatus();
  return UsageError("report", absl::StrCat("found no directory ", Quoted(folder)));
}

// Takes the argument at *next, with its value.
absl::Status TakeArgument(const std::vector<std::string>& arguments, size_t* next,
                          ReportRequest* request) {
  absl::string_view argument = arguments[(*next)++];
  if (argument == "--records") {
    request->records = true;
    return absl::OkStatus();
  }
  if (argument == "--ui") {
    if (*next == arguments.size()) return ValueMissing("--ui");
    return ReadUi(arguments[(*next)++], request);
  }
  if (absl::ConsumePrefix(&argument, "--ui=")) return ReadUi(argument, request);
  if (absl::StartsWith(argument, "-") || !request->folder.empty()) {
    return FlagError("report", Quoted(argument), kExpected);
  }
  request->folder = std::string(argument);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReportRequest> ParseReport(const std::vector<std::string>& arguments) {
  ReportRequest request;
  for (size_t next = 0; next < arguments.size();) {
    DRUMFIRE_RETURN_IF_ERROR(TakeArgument(arguments, &next, &request));
  }
  DRUMFIRE_RETURN_IF_ERROR(CheckFolder(request.folder));
  return request;
}

}  // namespace drumfire
