// What `drumfire profile` reads from the machine before a run: files, tokenizers, data sets. An
// interface, so that flags are tested without a disk.
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
  std::string file_bytes;  // what the plan ships
  std::shared_ptr<const Tokenizer> tokenizer;
};

class ProfileInputs {
 public:
  virtual ~ProfileInputs() = default;

  virtual bool Exists(const std::string& path) const = 0;
  // Errors name the path.
  virtual absl::StatusOr<std::string> ReadFile(const std::string& path) const = 0;
  // The environment variable's value, which is taken out so that no child gets it; nothing when it
  // is not set.
  virtual std::optional<std::string> TakeVariable(const std::string& name) const = 0;
  // Folder of a model ("org/name") in the local Hugging Face cache; empty when it is not there.
  // Nothing is downloaded.
  virtual std::string FindCachedModel(absl::string_view name) const = 0;
  // Where that cache is looked for, in this order.
  virtual std::vector<std::string> ModelCaches() const = 0;
  // A tokenizer file, a model folder, or "builtin".
  virtual absl::StatusOr<LoadedTokenizer> LoadTokenizer(const std::string& path) const = 0;
  // As drumfire::ReadInputFile.
  virtual absl::StatusOr<InputFile> ReadRows(const std::string& path,
                                             const InputFileOptions& options) const = 0;
  // A seed that no other run has, below 2^53: readers of JSON keep such numbers whole.
  virtual uint64_t DrawSeed() const = 0;
};

}  // namespace drumfire
