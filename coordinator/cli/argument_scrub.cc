#include "coordinator/cli/argument_scrub.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "common/text/known_secrets.h"
#include "coordinator/cli/headers.h"

namespace drumfire {
namespace {

void Overwrite(char* text, size_t from, size_t until) { std::fill(text + from, text + until, 'x'); }

// The text after the first '=' or ':'.
void OverwriteValue(char* text) {
  const absl::string_view whole(text);
  const size_t end_of_name = whole.find_first_of("=:");
  if (end_of_name != whole.npos) Overwrite(text, end_of_name + 1, whole.size());
}

// "--api-key=K", "-HX-Api-Key:K", "--header=Cookie: K", "Authorization: Bearer K". Names of files
// and variables are no secrets.
bool HoldsSecretValue(absl::string_view text) {
  if (absl::StartsWith(text, "--api-key-") || absl::StartsWith(text, "--tls-") ||
      absl::StartsWith(text, "--fleet-token-")) {
    return false;
  }
  const size_t end_of_value_name = text.find(':');
  return text.find_first_of("=:") != text.npos &&
         (IsSecretHeader(text.substr(0, text.find('='))) ||
          (end_of_value_name != text.npos && IsSecretHeader(text.substr(0, end_of_value_name))));
}

// "http://user:password@host"; a password may hold a '/', so all up to the last '@' goes.
void OverwriteUserInfo(char* text) {
  const absl::string_view whole(text);
  const size_t scheme_end = whole.find("://");
  const bool is_url = scheme_end != whole.npos;
  const size_t begin = is_url ? scheme_end + 3 : 0;
  const size_t at = whole.substr(0, is_url ? whole.npos : whole.find_first_of("/?#")).rfind('@');
  if (at != whole.npos && at > begin) Overwrite(text, begin, at);
}

// "http://host/?api_key=K".
void OverwriteQueryValues(char* text) {
  for (const absl::string_view value : SecretValuesOf(text)) {
    const size_t begin = static_cast<size_t>(value.data() - text);
    Overwrite(text, begin, begin + value.size());
  }
}

}  // namespace

void ScrubArguments(absl::Span<char* const> arguments) {
  bool is_key = false;  // this argument is the value of --api-key
  for (char* const argument : arguments) {
    if (is_key) Overwrite(argument, 0, std::strlen(argument));
    is_key = absl::string_view(argument) == "--api-key";
    if (HoldsSecretValue(argument)) OverwriteValue(argument);
    OverwriteUserInfo(argument);
    OverwriteQueryValues(argument);
  }
}

}  // namespace drumfire
