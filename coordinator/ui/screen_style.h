// How wide and how colourful the screen behind a descriptor may be.
#pragma once

#include "coordinator/export/screen.h"

namespace drumfire {

// What the user's environment says; null = not set.
struct TerminalWishes {
  const char* no_color = nullptr;  // NO_COLOR: set and not empty = no colour
  const char* term = nullptr;      // TERM: "dumb" = no colour
};

// columns: of the terminal, 0 = it is none: 80 columns and no colour.
ScreenStyle StyleOfTerminal(size_t columns, const TerminalWishes& wishes);
// The same from descriptor and environment.
ScreenStyle ScreenStyleFor(int file_descriptor);

}  // namespace drumfire
