#include "coordinator/cli/parse_profile.h"

#include "absl/strings/str_cat.h"
#include "common/plan/validate_plan.h"
#include "common/plan/version.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/argument_file.h"
#include "coordinator/cli/command_line.h"
#include "coordinator/cli/data_section.h"
#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/load_section.h"
#include "coordinator/cli/run_section.h"
#include "coordinator/cli/target_section.h"

namespace drumfire {
namespace {

// The sections in an order in which cheap mistakes are found before files are read.
absl::Status ReadSections(const FlagValues& values, const ProfileInputs& inputs,
                          ProfileRequest* request) {
  FlagReader flags(values);
  ReadTargetSection(&flags, inputs, request);
  ReadRunSection(&flags, inputs, request);
  if (!flags.status().ok()) return flags.status();
  const DataFacts data = ReadDataSection(&flags, inputs, request);
  if (!flags.status().ok()) return flags.status();
  ReadLoadSection(&flags, data, request);
  return flags.status();
}

}  // namespace

absl::StatusOr<ProfileRequest> ParseProfile(absl::Span<const std::string> arguments,
                                            const ProfileInputs& inputs) {
  DRUMFIRE_ASSIGN_OR_RETURN(const auto words,
                            WithArgumentFile({arguments.begin(), arguments.end()}, inputs));
  DRUMFIRE_ASSIGN_OR_RETURN(ParsedFlags parsed, ParseFlags(words));
  ProfileRequest request;
  request.plan.set_protocol_version(kProtocolVersion);
  request.notes = std::move(parsed.notes);
  request.cli_command = RedactedCommand(parsed.values);
  absl::Status status = ReadSections(parsed.values, inputs, &request);
  if (!status.ok()) return status;
  status = ValidatePlan(request.plan);
  if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat("plan: ", status.message()));
  return request;
}

}  // namespace drumfire
