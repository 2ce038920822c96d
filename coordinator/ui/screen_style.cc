#include "coordinator/ui/screen_style.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "coordinator/ui/progress_line.h"

namespace drumfire {
namespace {

// Longer lines of text are hard to read.
constexpr size_t kWidest = 120;

bool IsSet(const char* value) { return value != nullptr && *value != '\0'; }

}  // namespace

ScreenStyle StyleOfTerminal(size_t columns, const TerminalWishes& wishes) {
  if (columns == 0) return {};
  const bool is_dumb = !IsSet(wishes.term) || absl::string_view(wishes.term) == "dumb";
  return {.width = std::clamp(columns, kNarrowest, kWidest),
          .colour = !is_dumb && !IsSet(wishes.no_color)};
}

ScreenStyle ScreenStyleFor(int file_descriptor) {
  // A terminal that does not know its width has 80 columns.
  const size_t columns = TerminalWidth(file_descriptor);
  const size_t known = isatty(file_descriptor) != 0 && columns == 0 ? ScreenStyle().width : columns;
  return StyleOfTerminal(known, {.no_color = getenv("NO_COLOR"), .term = getenv("TERM")});
}

}  // namespace drumfire
