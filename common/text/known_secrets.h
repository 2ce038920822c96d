// The secrets of a run, and texts without them. A target may send back what it was sent, so every
// text from outside is struck before it is recorded, logged or shown.
//
//     KnownSecrets secrets;
//     secrets.AddHeaderValue("Bearer abcdef");
//     secrets.AddUrl("http://h/v1?api_key=abcdef");
//     record->set_message(secrets.Strike(text));
//
// Secrets shorter than kShortestStruck bytes are left alone: they would match ordinary words.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

constexpr size_t kShortestStruck = 4;
constexpr absl::string_view kStruck = "<redacted>";

// Not synchronised while secrets are added; then any thread.
class KnownSecrets {
 public:
  // The whole value, and what follows a scheme in it ("Bearer", "Basic").
  void AddHeaderValue(absl::string_view value);
  // Its user information, and the values of query keys that sound like secrets (api_key, token).
  void AddUrl(absl::string_view url);

  // Each secret becomes kStruck, and so does the beginning of one at the end of a text that was
  // cut.
  std::string Strike(absl::string_view text) const;
  bool empty() const { return secrets_.empty(); }

 private:
  void Add(absl::string_view secret);

  std::vector<std::string> secrets_;  // longest first
};

// The values in a URL's query, or in any text with one, of keys that sound secret: parts of url.
std::vector<absl::string_view> SecretValuesOf(absl::string_view url);

// The URL without its secrets: "http://<redacted>@h/?api_key=<redacted>".
std::string WithoutSecrets(absl::string_view url);

}  // namespace drumfire
