#include "coordinator/cli/argument_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

// Takes a word, whose quoted parts may hold blanks, off the line's front.
absl::StatusOr<std::string> TakeWord(absl::string_view* line) {
  std::string word;
  while (!line->empty() && !absl::ascii_isspace(line->front())) {
    const char c = line->front();
    line->remove_prefix(1);
    if (c != '\'' && c != '"') {
      word.push_back(c);
      continue;
    }
    const size_t end = line->find(c);
    if (end == line->npos) {
      return absl::InvalidArgumentError("a quote is not closed; close it on the same line");
    }
    absl::StrAppend(&word, line->substr(0, end));
    line->remove_prefix(end + 1);
  }
  return word;
}

absl::Status TakeWords(absl::string_view line, std::vector<std::string>* words) {
  while (true) {
    line = absl::StripLeadingAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') return absl::OkStatus();
    DRUMFIRE_ASSIGN_OR_RETURN(std::string word, TakeWord(&line));
    words->push_back(std::move(word));
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitArguments(absl::string_view text) {
  std::vector<std::string> words;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::Status taken = TakeWords(line, &words); !taken.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", taken.message()));
    }
  }
  return words;
}

absl::StatusOr<std::vector<std::string>> WithArgumentFile(std::vector<std::string> arguments,
                                                          const ProfileInputs& inputs) {
  if (arguments.empty()) return arguments;
  const std::string name = arguments.front();
  absl::string_view path = name;
  if (!absl::ConsumePrefix(&path, "@")) return arguments;
  const auto text = inputs.ReadFile(std::string(path));
  if (!text.ok())
    return UsageError(name, absl::StrCat("cannot be read: ", text.status().message()));
  absl::StatusOr<std::vector<std::string>> words = SplitArguments(*text);
  if (!words.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": ", words.status().message()));
  }
  words->insert(words->end(), arguments.begin() + 1, arguments.end());
  return words;
}

}  // namespace drumfire
