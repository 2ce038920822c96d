// Input files given as text, for tests.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/dataset/input_file.h"
#include "gtest/gtest.h"

namespace drumfire {

// Why the file "f" with these bytes is refused; empty when it is not.
inline std::string InputErrorOf(absl::string_view bytes, const InputFileOptions& options = {}) {
  return std::string(ParseInputFile("f", bytes, options).status().message());
}

// Fails the test when the file is refused.
inline InputFile ParseInput(absl::string_view bytes, const InputFileOptions& options = {}) {
  const auto file = ParseInputFile("f", bytes, options);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.value_or(InputFile{});
}

}  // namespace drumfire
