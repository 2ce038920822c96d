#include "common/dataset/row_keys.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr size_t kLongestKey = 60;

// Keys of other tools, other kinds of rows, and of requests, and where they belong here.
struct Advice {
  absl::string_view key, expected;
};

constexpr absl::string_view kTextOnly = "text only (other data is not supported)";
constexpr absl::string_view kOneTurn = "one prompt per row (conversations are not supported)";
constexpr absl::string_view kInExtra = "it inside of \"extra\", which is merged into the body";
constexpr absl::string_view kAsRole = "a row of its own with \"role\": \"system\", or no such key";

constexpr Advice kAdvice[] = {
    {"image", kTextOnly},
    {"images", kTextOnly},
    {"image_url", kTextOnly},
    {"image_uuids", kTextOnly},
    {"audio", kTextOnly},
    {"audios", kTextOnly},
    {"audio_url", kTextOnly},
    {"input_audio", kTextOnly},
    {"video", kTextOnly},
    {"videos", kTextOnly},
    {"video_url", kTextOnly},
    {"turns", kOneTurn},
    {"messages", kOneTurn},
    {"conversations", kOneTurn},
    {"message_mode", kOneTurn},
    {"payload", kOneTurn},
    {"system", kAsRole},
    {"system_prompt", kAsRole},
    {"prompt", "the prompt in \"text\" (single_turn)"},
    {"question", "the prompt in \"text\" (single_turn)"},
    {"text", "the prompt in \"text_input\" (mooncake_trace)"},
    {"texts", "the prompt in \"text_input\" (mooncake_trace)"},
    {"text_input", "the prompt in \"text\" (single_turn)"},
    {"role", "it in rows of single_turn only"},
    {"output_tokens", "the length in \"output_length\""},
    {"output_len", "the length in \"output_length\""},
    {"input_len", "the length in \"input_length\" (mooncake_trace)"},
    {"input_tokens", "the length in \"input_length\" (mooncake_trace)"},
    {"max_tokens", "the length in \"output_length\""},
    {"max_completion_tokens", "the length in \"output_length\""},
    {"priority", kInExtra},
    {"tools", kInExtra},
    {"tool_choice", kInExtra},
    {"temperature", kInExtra},
    {"top_p", kInExtra},
    {"top_k", kInExtra},
    {"min_tokens", kInExtra},
    {"ignore_eos", kInExtra},
    {"stop", kInExtra},
    {"seed", kInExtra},
    {"response_format", kInExtra},
};

absl::string_view ExpectedFor(absl::string_view key) {
  const auto* const advice =
      std::find_if(std::begin(kAdvice), std::end(kAdvice),
                   [&](const Advice& candidate) { return candidate.key == key; });
  return advice == std::end(kAdvice) ? "" : advice->expected;
}

}  // namespace

absl::Status UnknownRowKey(absl::string_view key, absl::string_view kind_name) {
  const std::string shown = absl::Utf8SafeCEscape(key.substr(0, kLongestKey));
  std::string expected(ExpectedFor(key));
  if (expected.empty()) {
    expected = absl::StrCat("a key of ", kind_name, " (fields of the body go into \"extra\")");
  }
  return absl::InvalidArgumentError(absl::StrCat(shown, ": found it, expected ", expected,
                                                 "; --ignore-input-keys ", shown,
                                                 " sends the rows without it"));
}

}  // namespace drumfire
