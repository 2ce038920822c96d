// GPT-2's way to write any bytes as printable characters, used by byte-level tokenizer.json files:
// printable Latin-1 bytes represent themselves, others map to U+0100 and up.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Writes the bytes that the characters represent to *bytes. False if a character represents none.
bool DecodeByteAlphabet(absl::string_view characters, std::string* bytes);

}  // namespace drumfire
