#include "coordinator/export/screen.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/text_table.h"

namespace drumfire {
namespace {

const char* CodeOf(Paint paint) {
  switch (paint) {
    case Paint::kBold:
      return "1";
    case Paint::kDim:
      return "2";
    case Paint::kGreen:
      return "1;32";
    case Paint::kYellow:
      return "1;33";
    case Paint::kRed:
      return "1;31";
  }
  return "0";
}

}  // namespace

std::string Painted(absl::string_view text, Paint paint, const ScreenStyle& style) {
  if (!style.colour || text.empty()) return std::string(text);
  return absl::StrCat("\x1b[", CodeOf(paint), "m", text, "\x1b[0m");
}

std::string LabelledLine(const ConsoleLine& line, size_t max_lines, const ScreenStyle& style) {
  std::string label = PadRight(FitEnd(line.label, kLabelColumns - 1), kLabelColumns);
  std::string out;
  const std::string wrapped = Wrapped(line.text, style.width - kLabelColumns, max_lines);
  for (const absl::string_view part : absl::StrSplit(wrapped, '\n')) {
    absl::StrAppend(&out, Painted(label, Paint::kBold, style), part, "\n");
    label = std::string(kLabelColumns, ' ');
  }
  return out;
}

std::string ScreenText(const RunResult& result, const ScreenFiles& files,
                       const ScreenStyle& style) {
  ScreenStyle usable = style;
  usable.width = std::max(style.width, kNarrowest);
  std::string text = absl::StrCat("\n", ScreenHead(result, usable));
  for (const std::string& part :
       {ScreenTable(result, usable), ScreenScalars(result, usable), ScreenTargets(result, usable),
        ScreenLines(result, files, usable)}) {
    if (!part.empty()) absl::StrAppend(&text, "\n", part);
  }
  return text;
}

}  // namespace drumfire
