// docs/migrating.md: how to translate commands of other load testers. AIPerf's part is made from
// the flag table, the others' from the table of habits.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// Primary names of all flags of `aiperf profile` 0.13.
absl::Span<const absl::string_view> AiperfFlags();

// The page. `drumfire migrating` prints it.
std::string MigratingPage();

}  // namespace drumfire
