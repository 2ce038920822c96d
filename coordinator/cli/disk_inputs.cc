#include "coordinator/cli/disk_inputs.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/files/read_file.h"
#include "common/random/random_id.h"
#include "common/status/status_macros.h"
#include "common/tokens/tokenizer_file.h"
#include "coordinator/cli/hf_cache.h"

namespace drumfire {
namespace {

constexpr uint64_t kMaxTextFileBytes = 1 << 20;

}  // namespace

bool DiskInputs::Exists(const std::string& path) const {
  std::error_code ignored;
  return !path.empty() && std::filesystem::exists(path, ignored);
}

absl::StatusOr<std::string> DiskInputs::ReadFile(const std::string& path) const {
  return ReadSmallFile(path, kMaxTextFileBytes);
}

std::optional<std::string> DiskInputs::TakeVariable(const std::string& name) const {
  const char* text = getenv(name.c_str());
  if (text == nullptr) return std::nullopt;
  std::string value(text);
  unsetenv(name.c_str());
  return value;
}

std::string DiskInputs::FindCachedModel(absl::string_view name) const {
  return FindCachedModelIn(HuggingFaceCacheFolders(), name);
}

std::vector<std::string> DiskInputs::ModelCaches() const { return HuggingFaceCacheFolders(); }

absl::StatusOr<LoadedTokenizer> DiskInputs::LoadTokenizer(const std::string& path) const {
  DRUMFIRE_ASSIGN_OR_RETURN(TokenizerFile file, ReadTokenizerFile(path));
  absl::StatusOr<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(file.kind, file.bytes);
  if (!tokenizer.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(file.path, ": ", tokenizer.status().message()));
  }
  return LoadedTokenizer{file.kind, std::move(file.bytes), *std::move(tokenizer)};
}

absl::StatusOr<InputFile> DiskInputs::ReadRows(const std::string& path,
                                               const InputFileOptions& options) const {
  return ReadInputFile(path, options);
}

uint64_t DiskInputs::DrawSeed() const {
  constexpr int kBits = 53;
  uint64_t seed = 0;
  const std::string bytes = RandomId();
  std::memcpy(&seed, bytes.data(), sizeof(seed));
  return seed >> (64 - kBits);
}

}  // namespace drumfire
