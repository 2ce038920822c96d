#include "absl/strings/str_cat.h"
#include "common/tokens/tokenizer.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<Tokenizer>> MakeTokenizer(v1::TokenizerKind kind,
                                                         absl::string_view bytes) {
  switch (kind) {
    case v1::TOKENIZER_NONE:
      return std::unique_ptr<Tokenizer>();
    case v1::TOKENIZER_TIKTOKEN:
      return MakeTiktokenTokenizer(bytes);
    case v1::TOKENIZER_HUGGING_FACE:
      return MakeHuggingFaceTokenizer(bytes);
    default:
      return absl::InvalidArgumentError(absl::StrCat("tokenizer kind: found ",
                                                     static_cast<int>(kind),
                                                     ", expected a kind this version knows"));
  }
}

}  // namespace drumfire
