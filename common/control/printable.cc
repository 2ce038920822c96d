#include "common/control/printable.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace drumfire {
namespace {

constexpr absl::string_view kCut = "...";

}  // namespace

std::string Printable(absl::string_view text, size_t most_bytes) {
  const bool is_long = text.size() > most_bytes;
  std::string clean(text.substr(0, most_bytes));
  std::replace_if(
      clean.begin(), clean.end(),
      [](char c) { return !absl::ascii_isprint(static_cast<unsigned char>(c)); }, '?');
  if (is_long && most_bytes >= kCut.size()) {
    clean.replace(most_bytes - kCut.size(), kCut.size(), kCut.data(), kCut.size());
  }
  return clean;
}

}  // namespace drumfire
