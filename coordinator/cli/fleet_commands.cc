#include "coordinator/cli/fleet_commands.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/fleet_certs.h"
#include "coordinator/cli/fleet_check.h"
#include "coordinator/cli/fleet_flags.h"

namespace drumfire {
namespace {

constexpr FleetCommand kFleetCommands[] = {
    {"certs", "DIR --hosts NAME,... [--days N] [--renew]", "make certificates for a test fleet",
     &FleetCertsCommand},
    {"check", kFleetFlagsUsage, "check that workers answer and agree", &FleetCheckCommand},
    {"status", "(as check)", "show who owns the workers", &FleetStatusCommand},
};

std::string CommandNames() {
  return absl::StrJoin(kFleetCommands, ", ", [](std::string* out, const FleetCommand& command) {
    absl::StrAppend(out, command.name);
  });
}

}  // namespace

absl::Span<const FleetCommand> FleetCommands() { return kFleetCommands; }

absl::StatusOr<int> RunFleetCommand(const std::vector<std::string>& arguments,
                                    const ProfileInputs& inputs, std::ostream& out) {
  const std::string name = arguments.empty() ? "" : arguments.front();
  for (const FleetCommand& command : kFleetCommands) {
    if (command.name == name) {
      return command.run({arguments.begin() + 1, arguments.end()}, inputs, out);
    }
  }
  if (name.empty())
    return UsageError("fleet", absl::StrCat("requires a command: ", CommandNames()));
  return FlagError("fleet", Quoted(name), CommandNames());
}

}  // namespace drumfire
