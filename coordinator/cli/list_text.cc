#include "coordinator/cli/list_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace drumfire {

std::vector<std::string> SplitList(const std::vector<std::string>& values) {
  std::vector<std::string> elements;
  for (const std::string& value : values) {
    for (absl::string_view element :
         absl::StrSplit(value, absl::ByAnyChar(", \t\n"), absl::SkipEmpty())) {
      elements.emplace_back(element);
    }
  }
  return elements;
}

std::vector<std::string> SplitNames(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  std::string name;
  const auto end_name = [&] {
    absl::StripAsciiWhitespace(&name);
    if (!name.empty()) names.push_back(std::move(name));
    name.clear();
  };
  for (const std::string& value : values) {
    for (size_t i = 0; i < value.size(); ++i) {
      const bool escaped = value[i] == '\\' && i + 1 < value.size() && value[i + 1] == ',';
      if (value[i] == ',') {
        end_name();
      } else {
        name.push_back(escaped ? value[++i] : value[i]);
      }
    }
    end_name();
  }
  return names;
}

std::string ShellWord(absl::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("-_./:=,@%+", absl::string_view(&c, 1));
  });
  if (plain) return std::string(text);
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

}  // namespace drumfire
