#include "tools/mock_server/persona.h"

#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"

namespace drumfire::mock {
namespace {

// uvicorn and cpp-httplib close an idle connection after 5 s.
constexpr int64_t kFiveSecondsNs = 5 * kNsPerSecond;

// In the order of the enumeration.
constexpr std::array<PersonaTraits, 6> kTraits = {{
    {.name = "openai",
     .head_at_once = true,
     .role = RolePlace::kWithHead,
     .finish = FinishPlace::kOwnEvent,
     .chat_usage = UsagePlace::kOwnEvent,
     .completions_usage = UsagePlace::kOwnEvent,
     .sends_done = true},
    {.name = "vllm",
     .head_at_once = true,
     .role = RolePlace::kBeforeFirstText,
     .finish = FinishPlace::kOnLastText,
     .chat_usage = UsagePlace::kOwnEvent,
     .completions_usage = UsagePlace::kOwnEvent,
     .sends_done = true,
     .idle_close_ns = kFiveSecondsNs,
     .empty_text_percent = 3},
    {.name = "llama-server",
     .head_at_once = false,
     .role = RolePlace::kBeforeFirstText,
     .finish = FinishPlace::kOwnEvent,
     .chat_usage = UsagePlace::kOwnEvent,
     .completions_usage = UsagePlace::kOnFinishAlways,
     .sends_done = true,
     .one_chunk_at_end = true,
     .idle_close_ns = kFiveSecondsNs,
     .requests_per_connection = 100,
     .held_back_percent = 33,
     .comment_interval_ns = 30 * kNsPerSecond},
    {.name = "dynamo",
     .head_at_once = true,
     .role = RolePlace::kInFirstText,
     .finish = FinishPlace::kOwnEvent,
     .chat_usage = UsagePlace::kOwnEvent,
     .completions_usage = UsagePlace::kOwnEvent,
     .sends_done = true,
     .chunked_whole_body = true,
     .empty_body_is_not_found = true},
    {.name = "transformers",
     .head_at_once = true,
     .role = RolePlace::kWithHead,
     .finish = FinishPlace::kOwnEvent,
     .chat_usage = UsagePlace::kOnFinishAlways,
     .completions_usage = UsagePlace::kOnFinishAlways,
     .sends_done = false,
     .idle_close_ns = kFiveSecondsNs},
    {.name = "litellm",
     .head_at_once = false,
     .role = RolePlace::kInFirstText,
     .finish = FinishPlace::kOwnEvent,
     .chat_usage = UsagePlace::kOwnEvent,
     .completions_usage = UsagePlace::kOwnEvent,
     .sends_done = true,
     .zero_usage_on_events = true,
     .idle_close_ns = kFiveSecondsNs},
}};

}  // namespace

const PersonaTraits& TraitsOf(Persona persona) { return kTraits[static_cast<size_t>(persona)]; }

absl::StatusOr<Persona> ParsePersona(absl::string_view name) {
  std::string known;
  for (size_t i = 0; i < kTraits.size(); ++i) {
    if (kTraits[i].name == name) return static_cast<Persona>(i);
    absl::StrAppend(&known, i == 0 ? "" : ", ", kTraits[i].name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", name, "' is not a persona; expected one of ", known));
}

}  // namespace drumfire::mock
