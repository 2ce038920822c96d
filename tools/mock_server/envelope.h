// The part common to all JSON objects of one answer: id, model, time of creation.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/mock_server/api_request.h"
#include "tools/mock_server/persona.h"

namespace drumfire::mock {

struct AnswerIdentity {
  Persona persona = Persona::kOpenAi;
  ApiKind kind = ApiKind::kChat;  // not kEmbeddings
  std::string id;
  std::string model;
  int64_t created_s = 0;
  absl::string_view finish_reason = "length";  // a constant
};

// The persona's JSON object, split where the choices and the tail (usage and the like) are
// inserted.
struct Envelope {
  std::string front;
  std::string middle;
  std::string back;
};

// `object` is the value of the "object" key.
Envelope MakeEnvelope(const AnswerIdentity& identity, absl::string_view object);

// `fragment` with $finish replaced by the finish reason.
std::string WithFinishReason(absl::string_view fragment, absl::string_view finish_reason);

}  // namespace drumfire::mock
