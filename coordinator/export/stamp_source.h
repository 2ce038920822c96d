// Where the stamps of a run's responses came from, in a word.
#pragma once

#include "absl/strings/string_view.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

// "kernel", "user", "mixed", or "none" when nothing was received.
inline absl::string_view StampSourceOf(const InstrumentFigures& figures) {
  if (figures.kernel_records > 0) return figures.user_records > 0 ? "mixed" : "kernel";
  return figures.user_records > 0 ? "user" : "none";
}

}  // namespace drumfire
