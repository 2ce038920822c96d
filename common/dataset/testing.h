// Input files given as text, for tests.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/dataset/input_file.h"
#include "common/dataset/row_source.h"
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

// "LINE:TEXT" of each row, then the error when there is one.
inline std::vector<std::string> RowsOf(absl::string_view bytes) {
  std::vector<std::string> rows;
  const auto source = FindRowLayout(bytes).open(bytes);
  while (true) {
    const auto row = source->Next();
    if (!row.ok()) rows.emplace_back(row.status().message());
    if (!row.ok() || !row->has_value()) return rows;
    rows.push_back(absl::StrCat((*row)->line, ":", (*row)->text));
  }
}

}  // namespace drumfire
