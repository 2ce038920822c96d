// Inputs of `drumfire profile` from the host: files, tokenizers, data sets. An interface, so that
// flags can be tested without a disk.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/dataset/input_file.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct LoadedTokenizer {
  v1::TokenizerKind kind = v1::TOKENIZER_NONE;
  std::string file_bytes;  // transferred with the plan
  std::shared_ptr<const Tokenizer> tokenizer;
};

class ProfileInputs {
 public:
  virtual ~ProfileInputs() = default;

  virtual bool Exists(const std::string& path) const = 0;
  // Errors name the path.
  virtual absl::StatusOr<std::string> ReadFile(const std::string& path) const = 0;
  // The value of the environment variable, which is removed so that no child inherits it; nothing
  // if it is not set.
  virtual std::optional<std::string> TakeVariable(const std::string& name) const = 0;
  // Directory of a model ("org/name") in the local Hugging Face cache; empty if it is not there.
  // Nothing is downloaded.
  virtual std::string FindCachedModel(absl::string_view name) const = 0;
  // The places searched for that cache, in order.
  virtual std::vector<std::string> ModelCaches() const = 0;
  // A tokenizer file, a model directory, or "builtin".
  virtual absl::StatusOr<LoadedTokenizer> LoadTokenizer(const std::string& path) const = 0;
  // See drumfire::ReadInputFile.
  virtual absl::StatusOr<InputFile> ReadRows(const std::string& path,
                                             const InputFileOptions& options) const = 0;
  // A new seed, below 2^53 so that JSON readers preserve it.
  virtual uint64_t DrawSeed() const = 0;
};

}  // namespace drumfire
