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
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct LoadedTokenizer {
  v1::TokenizerKind kind = v1::TOKENIZER_NONE;
  std::string file_bytes;  // what the plan ships
  std::shared_ptr<const Tokenizer> tokenizer;
};

// How an input file is to be read.
struct InputFileQuery {
  std::string path;
  std::optional<v1::DatasetKind> kind;     // none = detect it
  bool auto_offset = false;                // first timestamp becomes 0
  std::optional<int64_t> start_offset_ns;  // rows outside of the window are left out
  std::optional<int64_t> end_offset_ns;
  double speedup = 1;                    // timestamps are divided by it
  std::optional<uint32_t> block_size;    // none = the format's
  const Tokenizer* tokenizer = nullptr;  // counts texts; never null
};

struct LoadedRows {
  v1::DatasetKind kind = v1::DATASET_SINGLE_TURN;
  uint32_t block_size = 0;         // Mooncake only
  v1::DatasetRows rows;            // at least one
  std::vector<std::string> notes;  // what was detected, one line each
};

class ProfileInputs {
 public:
  virtual ~ProfileInputs() = default;

  virtual bool Exists(const std::string& path) const = 0;
  // Errors name the path.
  virtual absl::StatusOr<std::string> ReadFile(const std::string& path) const = 0;
  // Folder of a model ("org/name") in the local Hugging Face cache; empty when it is not there.
  // Nothing is downloaded.
  virtual std::string FindCachedModel(absl::string_view name) const = 0;
  // A tokenizer file, a model folder, or "builtin".
  virtual absl::StatusOr<LoadedTokenizer> LoadTokenizer(const std::string& path) const = 0;
  // Errors name file, line and field.
  virtual absl::StatusOr<LoadedRows> ReadRows(const InputFileQuery& query) const = 0;
};

}  // namespace drumfire
