// Finds and reads tokenizer files for --tokenizer. Only the coordinator does this: workers get the
// bytes.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct TokenizerFile {
  v1::TokenizerKind kind = v1::TOKENIZER_NONE;
  std::string path;   // the file that was read
  std::string bytes;  // not checked yet; MakeTokenizer does that
};

// The user's name for the o200k_base vocabulary that the set-up installs.
inline constexpr char kBuiltinTokenizer[] = "builtin";
// Larger files are refused.
inline constexpr uint64_t kMaxTokenizerFileBytes = 256u << 20;

// name: a tokenizer.json, a rank file, a directory that contains tokenizer.json or one *.tiktoken
// file, or "builtin". The kind comes from the content ("{" opens a tokenizer.json). Errors name the
// path and the expected form.
absl::StatusOr<TokenizerFile> ReadTokenizerFile(absl::string_view name);

// Path of the builtin rank file: $DRUMFIRE_DATA_DIR/o200k_base.tiktoken if that variable is set,
// otherwise share/drumfire/o200k_base.tiktoken next to the program or in the nearest parent
// directory that has one. So both an install prefix (bin/ and share/) and a build tree
// (build/share/) work. NotFound says how to get it.
absl::StatusOr<std::string> FindBuiltinRanks();

}  // namespace drumfire
