// ProfileInputs of the real host.
#pragma once

#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

class DiskInputs : public ProfileInputs {
 public:
  bool Exists(const std::string& path) const override;
  absl::StatusOr<std::string> ReadFile(const std::string& path) const override;
  std::optional<std::string> TakeVariable(const std::string& name) const override;
  std::string FindCachedModel(absl::string_view name) const override;
  std::vector<std::string> ModelCaches() const override;
  absl::StatusOr<LoadedTokenizer> LoadTokenizer(const std::string& path) const override;
  absl::StatusOr<InputFile> ReadRows(const std::string& path,
                                     const InputFileOptions& options) const override;
  uint64_t DrawSeed() const override;
};

}  // namespace drumfire
