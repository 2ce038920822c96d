// Makes a message of another process fit for terminals and reports, in one place: where it comes
// in.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace drumfire {

// Longest text that is kept of another process, in bytes.
constexpr size_t kLongestForeignText = 500;

// Control characters become '?', line breaks and tabs become blanks. A text longer than most_bytes
// is cut between two characters and ends in "...". Other UTF-8 stays.
std::string CleanText(absl::string_view text, size_t most_bytes = kLongestForeignText);

// Cleans every text in the message and in those within it. Fields of type bytes stay.
void CleanTexts(google::protobuf::Message* message);

}  // namespace drumfire
