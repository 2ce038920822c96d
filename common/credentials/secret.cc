#include "common/credentials/secret.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

std::array<unsigned char, SHA256_DIGEST_LENGTH> Digest(absl::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

absl::Status BadSecret(absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("found ", found, ", expected ", expected));
}

}  // namespace

// Digests are compared, so that not even the length shows.
bool SameSecret(absl::string_view a, absl::string_view b) {
  return CRYPTO_memcmp(Digest(a).data(), Digest(b).data(), SHA256_DIGEST_LENGTH) == 0;
}

absl::StatusOr<std::string> ParseSecret(absl::string_view file_text) {
  const absl::string_view text = absl::StripAsciiWhitespace(file_text);
  if (text.empty()) return BadSecret("nothing", "one line");
  if (text.size() > kLongestSecret) {
    return BadSecret(absl::StrCat(text.size(), " bytes"), absl::StrCat("at most ", kLongestSecret));
  }
  if (!std::all_of(text.begin(), text.end(),
                   [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return BadSecret("blanks, several lines or bytes beyond ASCII", "one line of visible ASCII");
  }
  return std::string(text);
}

absl::StatusOr<std::string> ParseFleetToken(absl::string_view file_text) {
  absl::StatusOr<std::string> token = ParseSecret(file_text);
  if (token.ok() && token->size() < kShortestFleetToken) {
    return BadSecret(absl::StrCat("a token of ", token->size(), " bytes"),
                     absl::StrCat("at least ", kShortestFleetToken, " (openssl rand -hex 32)"));
  }
  return token;
}

}  // namespace drumfire
