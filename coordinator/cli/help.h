// The flag table as people read it.
#pragma once

#include <string>

namespace drumfire {

// `drumfire --help`: the commands.
std::string CommandsHelp();
// Commands that show what it can do.
std::string ProfileExamples();
// `drumfire profile --help`: examples, then the supported flags, group by group. 80 columns.
std::string ProfileHelp();
// docs/flags.md: all flags, with what is accepted and what is refused.
std::string FlagsPage();

}  // namespace drumfire
