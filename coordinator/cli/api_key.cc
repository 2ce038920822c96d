#include "coordinator/cli/api_key.h"

#include "absl/strings/str_cat.h"
#include "common/credentials/secret.h"

namespace drumfire {
namespace {

constexpr absl::string_view kKeyFlag = "--api-key";
constexpr absl::string_view kFile = "--api-key-file";
constexpr absl::string_view kVariable = "--api-key-env";

std::optional<ApiKey> Parsed(FlagReader* flags, absl::string_view flag, absl::string_view text) {
  absl::StatusOr<std::string> key = ParseSecret(text);
  if (key.ok()) return ApiKey{flag, *std::move(key)};
  flags->Fail(absl::InvalidArgumentError(absl::StrCat(flag, ": ", key.status().message())));
  return std::nullopt;
}

std::optional<ApiKey> FromFile(FlagReader* flags, const ProfileInputs& inputs) {
  const auto text = inputs.ReadFile(flags->values().Text(kFile));
  if (text.ok()) return Parsed(flags, kFile, *text);
  flags->Fail(kFile, absl::StrCat("cannot be read: ", text.status().message()));
  return std::nullopt;
}

std::optional<ApiKey> FromVariable(FlagReader* flags, const ProfileInputs& inputs) {
  const std::string& name = flags->values().Text(kVariable);
  const std::optional<std::string> text = inputs.TakeVariable(name);
  if (text.has_value()) return Parsed(flags, kVariable, *text);
  flags->Fail(kVariable, absl::StrCat(Quoted(name), " is not set"));
  return std::nullopt;
}

}  // namespace

std::optional<ApiKey> ReadApiKey(FlagReader* flags, const ProfileInputs& inputs) {
  flags->Exclude(kKeyFlag, kFile);
  flags->Exclude(kKeyFlag, kVariable);
  flags->Exclude(kFile, kVariable);
  if (!flags->status().ok()) return std::nullopt;
  if (flags->Has(kFile)) return FromFile(flags, inputs);
  if (flags->Has(kVariable)) return FromVariable(flags, inputs);
  if (flags->Has(kKeyFlag)) return ApiKey{kKeyFlag, flags->values().Text(kKeyFlag)};
  return std::nullopt;
}

}  // namespace drumfire
