// One line of a report: "Label: text" in profile_export_console.txt, a label column and wrapped
// text on the screen. To add a line to both, add it to CommonLines (console_lines.cc).
#pragma once

#include <string>

namespace drumfire {

struct ConsoleLine {
  std::string label;  // short: at most 11 columns
  std::string text;
};

}  // namespace drumfire
