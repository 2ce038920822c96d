#include "coordinator/export/display_width.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr absl::string_view kCut = "...";

size_t WidthOf(UChar32 character) {
  if (character < 0) return 1;
  constexpr uint32_t kMarks = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK;
  if ((U_GET_GC_MASK(character) & kMarks) != 0) return 0;
  const int32_t width = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

// Takes the character at *offset, negative for a byte that is not UTF-8.
UChar32 Next(absl::string_view text, size_t* offset) {
  UChar32 character = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  U8_NEXT(bytes, *offset, text.size(), character);
  return character;
}

// Offset of the first byte of the longest suffix that takes at most `columns`.
size_t SuffixStart(absl::string_view text, size_t columns) {
  size_t start = 0;
  while (DisplayWidth(text.substr(start)) > columns) Next(text, &start);
  return start;
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t columns = 0;
  for (size_t offset = 0; offset < text.size();) columns += WidthOf(Next(text, &offset));
  return columns;
}

size_t PrefixBytes(absl::string_view text, size_t columns) {
  size_t used = 0;
  size_t end = 0;
  for (size_t offset = 0; offset < text.size(); end = offset) {
    used += WidthOf(Next(text, &offset));
    if (used > columns) return end;
  }
  return text.size();
}

std::string WithoutControls(absl::string_view text) {
  std::string clean(text);
  std::replace_if(
      clean.begin(), clean.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return clean;
}

std::string FitEnd(absl::string_view text, size_t columns) {
  std::string clean = WithoutControls(text);
  if (DisplayWidth(clean) <= columns) return clean;
  if (columns <= kCut.size()) return std::string(kCut.substr(0, columns));
  clean.resize(PrefixBytes(clean, columns - kCut.size()));
  return absl::StrCat(clean, kCut);
}

std::string FitMiddle(absl::string_view text, size_t columns) {
  const std::string clean = WithoutControls(text);
  if (DisplayWidth(clean) <= columns) return clean;
  if (columns <= kCut.size() + 2) return FitEnd(clean, columns);
  const size_t kept = columns - kCut.size();
  const absl::string_view view = clean;
  return absl::StrCat(view.substr(0, PrefixBytes(view, kept - kept / 2)), kCut,
                      view.substr(SuffixStart(view, kept / 2)));
}

std::string PadRight(absl::string_view text, size_t columns) {
  const size_t width = DisplayWidth(text);
  return absl::StrCat(text, std::string(columns > width ? columns - width : 0, ' '));
}

std::string PadLeft(absl::string_view text, size_t columns) {
  const size_t width = DisplayWidth(text);
  return absl::StrCat(std::string(columns > width ? columns - width : 0, ' '), text);
}

}  // namespace drumfire
