// The real servers that the mock can imitate. The table behind TraitsOf() records their behaviour
// as observed on the wire.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire::mock {

enum class Persona { kOpenAi, kVllm, kLlamaServer, kDynamo, kTransformers, kLiteLlm };

// Where a stream sends the assistant's role.
enum class RolePlace {
  kWithHead,         // a separate event, right after the response head
  kBeforeFirstText,  // a separate event, just before the first token
  kInFirstText,      // in the first token's event
};
enum class FinishPlace { kOnLastText, kOwnEvent };
enum class UsagePlace {
  kOwnEvent,        // after the finish event, if requested
  kOnFinishAlways,  // in the finish event, requested or not
};

struct PersonaTraits {
  absl::string_view name = {};
  bool head_at_once = false;  // false: the head is sent with the first event
  RolePlace role = RolePlace::kWithHead;
  FinishPlace finish = FinishPlace::kOwnEvent;
  UsagePlace chat_usage = UsagePlace::kOwnEvent;
  UsagePlace completions_usage = UsagePlace::kOwnEvent;
  bool sends_done = false;            // "data: [DONE]"
  bool one_chunk_at_end = false;      // finish, usage and [DONE] share an HTTP chunk
  bool zero_usage_on_events = false;  // completions without requested usage: zeros on every event
  bool chunked_whole_body = false;    // non-streamed answers are chunked, without Content-Length
  bool empty_body_is_not_found = false;  // unknown model: 404 without a body
  int64_t idle_close_ns = 0;             // 0: never
  int requests_per_connection = 0;       // 0: no limit
  int empty_text_percent = 0;            // tokens whose event has no text
  int held_back_percent = 0;             // tokens whose text is sent with the next one's
  int64_t comment_interval_ns = 0;       // ":" lines in a silent stream; 0: none
};

const PersonaTraits& TraitsOf(Persona persona);
absl::StatusOr<Persona> ParsePersona(absl::string_view name);

}  // namespace drumfire::mock
