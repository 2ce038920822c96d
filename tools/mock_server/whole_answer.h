// Bodies that are sent in one piece.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/mock_server/envelope.h"
#include "tools/mock_server/usage.h"

namespace drumfire::mock {

// A chat or completions answer of usage.completion_tokens words; the first reasoning_tokens of them
// as reasoning (chat).
std::string GenerationBody(const AnswerIdentity& identity, const Usage& usage);
std::string EmbeddingsBody(absl::string_view model, int64_t inputs, int64_t prompt_tokens);
// The list of /v1/models.
std::string ModelsBody(absl::string_view model, int64_t created_s);

}  // namespace drumfire::mock
