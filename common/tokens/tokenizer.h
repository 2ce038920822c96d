// Text <-> token ids, as the model's own tokenizer makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Ids of the text, no special tokens added. Invalid UTF-8 is encoded as U+FFFD would be. Any thread.
  virtual void Encode(absl::string_view text, std::vector<uint32_t>* ids) const = 0;
  // Number of tokens that Encode would give. Any thread.
  virtual size_t Count(absl::string_view text) const = 0;
  // Bytes of one id; empty for an unknown id. Any thread. Lives as long as the tokenizer.
  virtual absl::string_view Decode(uint32_t id) const = 0;
  // Ids are below this.
  virtual uint32_t vocabulary_size() const = 0;
};

// From the bytes of a tiktoken rank file ("base64 rank" lines; o200k_base's pattern).
absl::StatusOr<std::unique_ptr<Tokenizer>> MakeTiktokenTokenizer(absl::string_view rank_file);
// From the bytes of a Hugging Face tokenizer.json (byte-level BPE).
absl::StatusOr<std::unique_ptr<Tokenizer>> MakeHuggingFaceTokenizer(absl::string_view tokenizer_json);

}  // namespace drumfire
