// The pre_tokenizer object of a tokenizer.json.
#pragma once

#include <simdjson.h>

#include "absl/status/statusor.h"
#include "common/tokens/pre_tokenizer.h"

namespace drumfire {

// A Sequence of Split, Digits, Punctuation and, last, ByteLevel (or ByteLevel alone). Everything
// else is refused in one line that names the field, its value and the supported ones.
absl::StatusOr<PreTokenizer> ParsePreTokenizer(simdjson::dom::element pre_tokenizer);

}  // namespace drumfire
