// Keys of input rows that are refused, and what to do about each.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// "image_url: found it, expected ...": one line that names the key, what the user probably meant,
// and the way to send the row without it.
absl::Status UnknownRowKey(absl::string_view key, absl::string_view kind_name);

}  // namespace drumfire
