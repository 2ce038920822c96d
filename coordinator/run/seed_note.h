// The line that says which seed a run drew and how to send the same requests again.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace drumfire {

inline std::string SeedNote(uint64_t seed) {
  return absl::StrCat("a random seed was drawn; to send the same requests again: --random-seed ",
                      seed);
}

}  // namespace drumfire
