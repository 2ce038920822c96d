// The end of a run on one screen: the verdict with its reasons, one table of distributions, scalars
// in two columns, and a line each for all else. What has no value is left out. No line is longer
// than the style's width. profile_export_console.txt (console.h) holds everything.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

struct ScreenStyle {
  size_t width = 80;  // columns, at least kNarrowest
  bool colour = false;
};
constexpr size_t kNarrowest = 40;

// Where the results are. files: paths in the folder, empty = nothing was written.
struct ScreenFiles {
  std::string folder;
  std::vector<std::string> files;
};

std::string ScreenText(const RunResult& result, const ScreenFiles& files, const ScreenStyle& style);

}  // namespace drumfire
