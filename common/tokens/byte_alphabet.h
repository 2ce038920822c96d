// GPT-2's way to write any bytes as printable characters, used by byte-level tokenizer.json files:
// printable Latin-1 bytes stand for themselves, the others for U+0100 and up.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// The bytes that the characters stand for, into *bytes. False when some character stands for none.
bool DecodeByteAlphabet(absl::string_view characters, std::string* bytes);

}  // namespace drumfire
