// The flag table as text for users.
#pragma once

#include <string>

namespace drumfire {

// `drumfire --help`: the commands.
std::string CommandsHelp();
// Example commands.
std::string ProfileExamples();
// `drumfire profile --help`: examples, then the supported flags, group by group. 80 columns.
std::string ProfileHelp();
// docs/flags.md: all flags, supported, accepted and refused.
std::string FlagsPage();

}  // namespace drumfire
