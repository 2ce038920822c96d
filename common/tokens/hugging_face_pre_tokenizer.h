// The pre_tokenizer object of a tokenizer.json.
#pragma once

#include <simdjson.h>

#include "absl/status/statusor.h"
#include "common/tokens/pre_tokenizer.h"

namespace drumfire {

// A Sequence of Split, Digits, Punctuation and, last, ByteLevel (or ByteLevel alone). Everything
// else is refused in one line that names the field, what was found and what is supported.
absl::StatusOr<PreTokenizer> ParsePreTokenizer(simdjson::dom::element pre_tokenizer);

}  // namespace drumfire
