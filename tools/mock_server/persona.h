// Whose manners the mock server has. The table behind TraitsOf() is what was seen of real servers
// on the wire.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire::mock {

enum class Persona { kOpenAi, kVllm, kLlamaServer, kDynamo, kTransformers, kLiteLlm };

// Where a stream says that the assistant speaks.
enum class RolePlace {
  kWithHead,         // an event of its own, right behind the response head
  kBeforeFirstText,  // an event of its own, just before the first token
  kInFirstText,      // in the first token's event
};
enum class FinishPlace { kOnLastText, kOwnEvent };
enum class UsagePlace {
  kOwnEvent,        // after the finish event, when asked for
  kOnFinishAlways,  // in the finish event, asked for or not
};

struct PersonaTraits {
  absl::string_view name = {};
  bool head_at_once = false;  // false: the head leaves with the first event
  RolePlace role = RolePlace::kWithHead;
  FinishPlace finish = FinishPlace::kOwnEvent;
  UsagePlace chat_usage = UsagePlace::kOwnEvent;
  UsagePlace completions_usage = UsagePlace::kOwnEvent;
  bool sends_done = false;               // "data: [DONE]"
  bool one_chunk_at_end = false;         // finish, usage and [DONE] share an HTTP chunk
  bool zero_usage_on_events = false;     // completions without usage asked: zeros on every event
  bool chunked_whole_body = false;       // whole answers are chunked, not Content-Length
  bool empty_body_is_not_found = false;  // unknown model: 404 without a body
  int64_t idle_close_ns = 0;             // 0: never
  int requests_per_connection = 0;       // 0: no limit
  int empty_text_percent = 0;            // tokens whose event has no text
  int held_back_percent = 0;             // tokens whose text comes with the next one's
  int64_t comment_interval_ns = 0;       // ":" lines in a silent stream; 0: none
};

const PersonaTraits& TraitsOf(Persona persona);
absl::StatusOr<Persona> ParsePersona(absl::string_view name);

}  // namespace drumfire::mock
