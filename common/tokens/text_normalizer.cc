#include "common/tokens/text_normalizer.h"

#include <unicode/bytestream.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

const icu::Normalizer2* FindForm(absl::string_view name, UErrorCode* error) {
  if (name == "NFC") return icu::Normalizer2::getNFCInstance(*error);
  if (name == "NFD") return icu::Normalizer2::getNFDInstance(*error);
  if (name == "NFKC") return icu::Normalizer2::getNFKCInstance(*error);
  if (name == "NFKD") return icu::Normalizer2::getNFKDInstance(*error);
  return nullptr;
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

absl::StatusOr<TextNormalizer> TextNormalizer::Create(absl::string_view form) {
  UErrorCode error = U_ZERO_ERROR;
  TextNormalizer normalizer;
  normalizer.form_ = FindForm(form, &error);
  if (normalizer.form_ == nullptr || U_FAILURE(error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("found normal form \"", form, "\", expected NFC, NFD, NFKC or NFKD"));
  }
  return normalizer;
}

absl::string_view TextNormalizer::Normalize(absl::string_view text, std::string* storage) const {
  if (form_ == nullptr || IsAscii(text)) return text;
  UErrorCode error = U_ZERO_ERROR;
  const icu::StringPiece piece(text.data(), static_cast<int32_t>(text.size()));
  if (form_->isNormalizedUTF8(piece, error)) return text;
  storage->clear();
  icu::StringByteSink<std::string> sink(storage);
  form_->normalizeUTF8(0, piece, sink, nullptr, error);
  return U_FAILURE(error) ? text : absl::string_view(*storage);
}

}  // namespace drumfire
