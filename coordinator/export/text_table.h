// A table drawn with box characters, for the console and profile_export_console.txt. Cells may hold
// several lines. Text is UTF-8 (see display_width.h).
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

class TextTable {
 public:
  enum class Align { kLeft, kRight };

  TextTable(std::string title, std::vector<std::string> header, std::vector<Align> alignment);

  // As many cells as the header has.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string ToString() const;

 private:
  std::vector<size_t> Widths() const;
  std::string Row(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                  absl::string_view bar) const;

  const std::string title_;
  const std::vector<std::string> header_;
  const std::vector<Align> alignment_;
  std::vector<std::vector<std::string>> rows_;
};

// Broken at spaces (or hard, when a word is too long) into lines of at most `width` columns, at
// most max_lines of them; what is cut off shows as "...". Control characters become spaces.
std::string Wrapped(absl::string_view text, size_t width, size_t max_lines);

// 1,234.50; "N/A" for what has no value.
std::string TableNumber(double value);

}  // namespace drumfire
