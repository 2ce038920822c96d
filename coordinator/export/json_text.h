// JSON written piece by piece into a string, for files with a line for each of many records.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Shortest text that reads back as the same number; whole ones keep a ".0" unless is_integer. Not
// for NaN or infinity.
void AppendJsonNumber(double value, bool is_integer, std::string* out);
// ns in ms: the text of AppendJsonNumber(ns / 1e6, false, out), for a fraction of its time.
void AppendJsonMs(int64_t ns, std::string* out);
// With quotes. Bytes that are not UTF-8 become U+FFFD.
void AppendReadableJsonString(absl::string_view text, std::string* out);

}  // namespace drumfire
