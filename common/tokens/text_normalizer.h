// Unicode normal forms, by ICU.
#pragma once

#include <unicode/normalizer2.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// Immutable; any thread. Default: leaves text as it is.
class TextNormalizer {
 public:
  TextNormalizer() = default;
  // form: NFC, NFD, NFKC or NFKD.
  static absl::StatusOr<TextNormalizer> Create(absl::string_view form);

  // text: valid UTF-8. The text itself when it is in normal form already, otherwise *storage.
  absl::string_view Normalize(absl::string_view text, std::string* storage) const;

 private:
  const icu::Normalizer2* form_ = nullptr;  // owned by ICU, lives forever
};

}  // namespace drumfire
