// `drumfire fleet NAME ...`: commands on a fleet besides a run. One entry and one file per command.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

struct FleetCommand {
  absl::string_view name;
  absl::string_view usage;  // the arguments after the name
  absl::string_view help;
  // arguments: without the name. Returns an exit code; INVALID_ARGUMENT is bad input, in one line.
  absl::StatusOr<int> (*run)(const std::vector<std::string>& arguments, const ProfileInputs& inputs,
                             std::ostream& out);
};

// In the order of the help. Never freed.
absl::Span<const FleetCommand> FleetCommands();

// Finds and runs the command; arguments begin with its name.
absl::StatusOr<int> RunFleetCommand(const std::vector<std::string>& arguments,
                                    const ProfileInputs& inputs, std::ostream& out);

}  // namespace drumfire
