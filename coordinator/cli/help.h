// The flag table as people read it.
#pragma once

#include <string>

namespace drumfire {

// `drumfire --help`: the commands.
std::string CommandsHelp();
// `drumfire profile --help`: supported flags, group by group, for a terminal of 100 columns.
std::string ProfileHelp();
// docs/flags.md: all flags, with what is accepted and what is refused.
std::string FlagsPage();

}  // namespace drumfire
