// Parses --extra-inputs: fields merged into every request body.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// Each text is a JSON object, or KEY:VALUE (several with commas between them, unless a value is
// JSON itself). A value that reads as JSON is JSON ({"a":1}, [1], "5"), as are true, false, null
// and none in any case and numbers; any other is text. Later keys win. Returns one JSON object, in
// the given order and spelling; empty if there are no texts.
absl::StatusOr<std::string> ParseExtraInputs(absl::string_view flag,
                                             const std::vector<std::string>& texts);

}  // namespace drumfire
