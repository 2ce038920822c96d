#include "coordinator/cli/command_line.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/text/known_secrets.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/headers.h"
#include "coordinator/cli/list_text.h"

namespace drumfire {
namespace {

constexpr absl::string_view kRedacted = "<redacted>";

std::string RedactedHeader(absl::string_view text) {
  const absl::string_view name = absl::StripAsciiWhitespace(text.substr(0, text.find(':')));
  return IsSecretHeader(name) ? absl::StrCat(name, ": ", kRedacted) : std::string(text);
}

// One URL or several: a comma begins the next.
std::string RedactedUrls(absl::string_view text) {
  std::vector<std::string> urls;
  for (const absl::string_view url : absl::StrSplit(text, ',')) urls.push_back(WithoutSecrets(url));
  return absl::StrJoin(urls, ",");
}

std::string Written(absl::string_view flag, const std::string& value) {
  if (flag == "--api-key") return std::string(kRedacted);
  if (flag == "--header") return RedactedHeader(value);
  return flag == "--url" || flag == "--endpoint" ? RedactedUrls(value) : value;
}

}  // namespace

std::string RedactedCommand(const FlagValues& values) {
  std::string command = "drumfire profile";
  for (const std::string& flag : values.order()) {
    if (values.List(flag).empty()) absl::StrAppend(&command, " ", values.Spelled(flag));
    for (const std::string& value : values.List(flag)) {
      absl::StrAppend(&command, " ", values.Spelled(flag), " ", ShellWord(Written(flag, value)));
    }
  }
  return command;
}

}  // namespace drumfire
