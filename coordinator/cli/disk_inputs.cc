#include "coordinator/cli/disk_inputs.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
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
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(path, error);
  if (error) return absl::NotFoundError(absl::StrCat(path, " (", error.message(), ")"));
  if (size > kMaxTextFileBytes) {
    return absl::InvalidArgumentError(absl::StrCat(path, " of ", size, " bytes"));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, " (", std::strerror(errno), ")"));
  return bytes.str();
}

std::string DiskInputs::FindCachedModel(absl::string_view name) const {
  return FindCachedModelIn(HuggingFaceCacheFolders(), name);
}

absl::StatusOr<LoadedTokenizer> DiskInputs::LoadTokenizer(const std::string& path) const {
  absl::StatusOr<TokenizerFile> file = ReadTokenizerFile(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(file->kind, file->bytes);
  if (!tokenizer.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(file->path, ": ", tokenizer.status().message()));
  }
  return LoadedTokenizer{file->kind, std::move(file->bytes), *std::move(tokenizer)};
}

absl::StatusOr<InputFile> DiskInputs::ReadRows(const std::string& path,
                                               const InputFileOptions& options) const {
  return ReadInputFile(path, options);
}

}  // namespace drumfire
