// `--help` of the commands besides profile: usage, purpose, flags, examples. 80 columns wide.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// `drumfire report --help`.
std::string ReportHelp();
// `drumfire fleet --help`: its commands.
std::string FleetHelp();
// `drumfire fleet NAME --help`; FleetHelp() for an unknown name.
std::string FleetCommandHelp(absl::string_view name);

}  // namespace drumfire
