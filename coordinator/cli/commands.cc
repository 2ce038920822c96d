#include "coordinator/cli/commands.h"

#include <algorithm>
#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/plan/version.h"
#include "coordinator/cli/artifact_dir.h"
#include "coordinator/cli/command_help.h"
#include "coordinator/cli/completion.h"
#include "coordinator/cli/dry_run.h"
#include "coordinator/cli/dry_run_summary.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/fleet_commands.h"
#include "coordinator/cli/help.h"
#include "coordinator/cli/man_page.h"
#include "coordinator/cli/migrating.h"
#include "coordinator/cli/nearest.h"
#include "coordinator/cli/parse_profile.h"
#include "coordinator/cli/report_command.h"
#include "coordinator/run/seed_note.h"

namespace drumfire {
namespace {

using Arguments = std::vector<std::string>;

// An error's one line and exit code.
int Report(const absl::Status& error, std::ostream& err) {
  err << "drumfire: " << error.message() << "\n";
  return absl::IsInvalidArgument(error) ? kExitBadInput : kExitFailed;
}

int Report(const absl::StatusOr<int>& exit_code, std::ostream& err) {
  return exit_code.ok() ? *exit_code : Report(exit_code.status(), err);
}

bool AsksForHelp(const Arguments& arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const std::string& word) { return word == "--help" || word == "-h"; });
}

int DryRun(const ProfileRequest& request, std::ostream& out, std::ostream& err) {
  if (!request.schedule_out.empty()) {
    if (absl::Status status = WriteScheduleFile(request); !status.ok()) return Report(status, err);
  }
  const absl::StatusOr<std::string> summary = DryRunSummary(request);
  if (!summary.ok()) return Report(summary.status(), err);
  // Standard output may be the schedule's own.
  (request.schedule_out == "-" ? err : out) << *summary;
  return kExitOk;
}

int ProfileCommand(const Arguments& arguments, const ProfileInputs& inputs, const Actions& actions,
                   std::ostream& out, std::ostream& err) {
  if (AsksForHelp(arguments)) {
    out << ProfileHelp();
    return kExitOk;
  }
  absl::StatusOr<ProfileRequest> request = ParseProfile(arguments, inputs);
  if (!request.ok()) return Report(request.status(), err);
  absl::Status folder = ResolveArtifactDir(kArtifactRoot, &*request);
  if (!folder.ok()) return Report(folder, err);
  for (const std::string& note : request->notes) err << "drumfire: " << note << "\n";
  if (request->seed_is_drawn) {
    request->notes.push_back(SeedNote(request->plan.seed()));
    // A run prints it once its workers and targets are there: bad input gets one line.
    if (request->dry_run) err << "drumfire: " << request->notes.back() << "\n";
  }
  return request->dry_run ? DryRun(*request, out, err) : Report(actions.run_profile(*request), err);
}

int ReportCommand(const Arguments& arguments, const Actions& actions, std::ostream& out,
                  std::ostream& err) {
  if (AsksForHelp(arguments)) {
    out << ReportHelp();
    return kExitOk;
  }
  const absl::StatusOr<ReportRequest> request = ParseReport(arguments);
  return request.ok() ? Report(actions.write_report(*request), err) : Report(request.status(), err);
}

int FleetCommandLine(const Arguments& arguments, const ProfileInputs& inputs, std::ostream& out,
                     std::ostream& err) {
  if (AsksForHelp(arguments)) {
    out << FleetCommandHelp(arguments.front());
    return kExitOk;
  }
  return Report(RunFleetCommand(arguments, inputs, out), err);
}

int CompletionCommand(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  const absl::StatusOr<std::string> script =
      CompletionScript(arguments.size() == 1 ? arguments.front() : "");
  if (!script.ok()) return Report(script.status(), err);
  out << *script;
  return kExitOk;
}

int UnknownCommand(const std::string& command, std::ostream& err) {
  constexpr absl::string_view kCommands[] = {"profile",    "report",    "fleet",
                                             "flags",      "migrating", "man",
                                             "completion", "--version", "--help"};
  const absl::string_view nearest = Nearest(command, kCommands);
  const std::string problem = nearest.empty()
                                  ? absl::StrCat(Quoted(command), "; see drumfire --help")
                                  : absl::StrCat(Quoted(command), "; did you mean ", nearest, "?");
  return Report(UsageError("unknown command", problem), err);
}

int Dispatch(const std::vector<std::string>& arguments, const ProfileInputs& inputs,
             const Actions& actions, std::ostream& out, std::ostream& err) {
  const std::string command = arguments.empty() ? "--help" : arguments.front();
  const Arguments rest(arguments.empty() ? arguments.end() : arguments.begin() + 1,
                       arguments.end());
  if (command == "profile") return ProfileCommand(rest, inputs, actions, out, err);
  if (command == "report") return ReportCommand(rest, actions, out, err);
  if (command == "fleet") return FleetCommandLine(rest, inputs, out, err);
  if (command == "--version") {
    out << kVersion << "\n";
  } else if (command == "flags") {
    out << FlagsPage();
  } else if (command == "migrating") {
    out << MigratingPage();
  } else if (command == "man") {
    out << ManPage();
  } else if (command == "completion") {
    return CompletionCommand(rest, out, err);
  } else if (command == "--help" || command == "-h" || command == "help") {
    out << CommandsHelp();
  } else {
    return UnknownCommand(command, err);
  }
  return kExitOk;
}

// What was asked for went nowhere: no other outcome may hide that. Who closed a pipe knows.
int CheckWritten(int exit_code, std::ostream& out, std::ostream& err) {
  errno = 0;
  out.flush();
  if (out.good()) return exit_code;
  if (errno != EPIPE) err << "drumfire: cannot write to standard output; is its disk full?\n";
  return kExitFailed;
}

}  // namespace

int RunCommand(const std::vector<std::string>& arguments, const ProfileInputs& inputs,
               const Actions& actions, std::ostream& out, std::ostream& err) {
  return CheckWritten(Dispatch(arguments, inputs, actions, out, err), out, err);
}

}  // namespace drumfire
