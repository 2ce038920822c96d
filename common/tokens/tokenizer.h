// Converts text to token ids and back, like the model's own tokenizer.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Replaces *ids by the ids of the text, no special tokens added. Each maximal invalid part of the
  // UTF-8 counts as one U+FFFD. A text below 4 GiB. Any thread.
  virtual void Encode(absl::string_view text, std::vector<uint32_t>* ids) const = 0;
  // Number of tokens that Encode would return. Any thread.
  virtual size_t Count(absl::string_view text) const = 0;
  // Bytes of one id; empty for an unknown id. Any thread. Valid as long as the tokenizer.
  virtual absl::string_view Decode(uint32_t id) const = 0;
  // All ids are below this.
  virtual uint32_t vocabulary_size() const = 0;
};

// From the bytes of a tiktoken rank file ("base64 rank" lines). Text is split by o200k_base's
// pattern, except for the rank files known by their size (cl100k_base, Llama 3, Qwen). Special
// tokens are ordinary text.
absl::StatusOr<std::unique_ptr<Tokenizer>> MakeTiktokenTokenizer(absl::string_view rank_file);
// From the bytes of a Hugging Face tokenizer.json (byte-level BPE; anything else is refused in one
// line that names the unsupported feature). Added tokens in the text become their ids, as in
// Hugging Face's library.
absl::StatusOr<std::unique_ptr<Tokenizer>> MakeHuggingFaceTokenizer(
    absl::string_view tokenizer_json);
// The tokenizer kind named by the plan; null for TOKENIZER_NONE.
absl::StatusOr<std::unique_ptr<Tokenizer>> MakeTokenizer(v1::TokenizerKind kind,
                                                         absl::string_view bytes);

}  // namespace drumfire
