// Numbers for people: three significant digits, and the unit that keeps them short (ns, us, ms, s;
// k, M, G).
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

struct ShownUnit {
  absl::string_view name;
  double ns;  // of one
};
// The unit in which a time of this size is read best: ms up to 10 s.
ShownUnit ShownUnitFor(double ns);

// "39.9", "544", "1,234"; "0" for zero, "-" for what has no value.
std::string ShortNumber(double value);
// "39.9 ms".
std::string TimeText(double ns);
// "56.5", "7", "3,614", "36.1 k", "1.20 M".
std::string CountText(double value);

}  // namespace drumfire
