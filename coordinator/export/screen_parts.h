// The parts of screen.h's text, in their order. Each is whole lines, or empty when it has nothing
// to say.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/export/console_line.h"
#include "coordinator/export/screen.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

// The verdict, what ran, the reasons and their cures.
std::string ScreenHead(const RunResult& result, const ScreenStyle& style);
// TTFT, ITL, inter-chunk latency, request latency, and from the intended time where that differs.
std::string ScreenTable(const RunResult& result, const ScreenStyle& style);
// Rates, tokens, counts: a label and a value each, two a row where there is room.
std::string ScreenScalars(const RunResult& result, const ScreenStyle& style);
// A row per URL, when there are several.
std::string ScreenTargets(const RunResult& result, const ScreenStyle& style);
// Errors, the instrument, the common lines and the files, each under its label.
std::string ScreenLines(const RunResult& result, const ScreenFiles& files,
                        const ScreenStyle& style);

constexpr size_t kLabelColumns = 12;
// The label in a column of its own, the text wrapped beside it; at most max_lines lines.
std::string LabelledLine(const ConsoleLine& line, size_t max_lines, const ScreenStyle& style);

enum class Paint { kBold, kDim, kGreen, kYellow, kRed };
// In the paint's colour, or as it is when the style has none.
std::string Painted(absl::string_view text, Paint paint, const ScreenStyle& style);

}  // namespace drumfire
