#include "coordinator/export/text_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/export/display_width.h"

namespace drumfire {
namespace {

std::string Repeated(absl::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out.append(text.data(), text.size());
  return out;
}

std::vector<std::string> Lines(absl::string_view cell) { return absl::StrSplit(cell, '\n'); }

std::string Padded(const std::string& line, size_t width, TextTable::Align align) {
  return align == TextTable::Align::kRight ? PadLeft(line, width) : PadRight(line, width);
}

struct Frame {
  absl::string_view left, line, cross, right;
};
constexpr Frame kTop = {"┏", "━", "┳", "┓"};
constexpr Frame kUnderHeader = {"┡", "━", "╇", "┩"};
constexpr Frame kBottom = {"└", "─", "┴", "┘"};

std::string Rule(const Frame& frame, const std::vector<size_t>& widths) {
  std::vector<std::string> parts;
  parts.reserve(widths.size());
  for (const size_t width : widths) parts.push_back(Repeated(frame.line, width + 2));
  return absl::StrCat(frame.left, absl::StrJoin(parts, frame.cross), frame.right, "\n");
}

// Takes one line of at most `width` columns off the front.
std::string TakeLine(absl::string_view* text, size_t width) {
  if (DisplayWidth(*text) <= width) return std::string(std::exchange(*text, absl::string_view()));
  const size_t limit = PrefixBytes(*text, width);
  const size_t space = text->substr(0, limit + 1).rfind(' ');
  const bool has_space = space != absl::string_view::npos && space > 0;
  const size_t end = has_space ? space : limit;
  std::string line(text->substr(0, end));
  text->remove_prefix(has_space ? end + 1 : end);
  return line;
}

}  // namespace

TextTable::TextTable(std::string title, std::vector<std::string> header,
                     std::vector<Align> alignment)
    : title_(std::move(title)), header_(std::move(header)), alignment_(std::move(alignment)) {}

void TextTable::AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::vector<size_t> TextTable::Widths() const {
  std::vector<size_t> widths;
  for (const std::string& name : header_) widths.push_back(DisplayWidth(name));
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      for (const std::string& line : Lines(row[i]))
        widths[i] = std::max(widths[i], DisplayWidth(line));
    }
  }
  return widths;
}

std::string TextTable::Row(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                           absl::string_view bar) const {
  std::vector<std::vector<std::string>> lines;
  size_t height = 1;
  for (const std::string& cell : cells) {
    lines.push_back(Lines(cell));
    height = std::max(height, lines.back().size());
  }
  std::string out;
  for (size_t line = 0; line < height; ++line) {
    out.append(bar.data(), bar.size());
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string text = line < lines[i].size() ? lines[i][line] : "";
      absl::StrAppend(&out, " ", Padded(text, widths[i], alignment_[i]), " ", bar);
    }
    out.push_back('\n');
  }
  return out;
}

std::string TextTable::ToString() const {
  const std::vector<size_t> widths = Widths();
  size_t total = 1;
  for (const size_t width : widths) total += width + 3;
  const size_t indent = total > DisplayWidth(title_) ? (total - DisplayWidth(title_)) / 2 : 0;
  std::string out = absl::StrCat(std::string(indent, ' '), title_, "\n", Rule(kTop, widths),
                                 Row(header_, widths, "┃"), Rule(kUnderHeader, widths));
  for (const std::vector<std::string>& row : rows_) out += Row(row, widths, "│");
  return out + Rule(kBottom, widths);
}

std::string Wrapped(absl::string_view text, size_t width, size_t max_lines) {
  const std::string clean = WithoutControls(text);
  absl::string_view left = clean;
  std::vector<std::string> lines;
  while (!left.empty() && lines.size() < max_lines) lines.push_back(TakeLine(&left, width));
  if (!left.empty()) {
    std::string& last = lines.back();
    last = absl::StrCat(last.substr(0, PrefixBytes(last, width - 3)), "...");
  }
  return absl::StrJoin(lines, "\n");
}

std::string TableNumber(double value) {
  if (!std::isfinite(value)) return "N/A";
  std::string text = absl::StrFormat("%.2f", value);
  const size_t first_digit = text[0] == '-' ? 1 : 0;
  for (size_t point = text.size() - 3; point > first_digit + 3; point -= 3)
    text.insert(point - 3, ",");
  return text;
}

}  // namespace drumfire
