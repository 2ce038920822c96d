// Reads one dialect of responses: finds text, usage, errors and the end in an SSE event's data or
// in a whole JSON body. Knows nothing of time or transport. Holds a JSON parser and its buffer: one
// reader a thread serves all its requests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/dialect/event_shape.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// A usage object. A field without a count in it is absent.
struct TokenUsage {
  std::optional<uint32_t> prompt_tokens;
  std::optional<uint32_t> completion_tokens;
  std::optional<uint32_t> total_tokens;
  std::optional<uint32_t> reasoning_tokens;
  std::optional<uint32_t> cached_prompt_tokens;
  // A field holds something that is no count. Null counts as such only in the three totals: in the
  // details, servers write it for what they do not count.
  bool is_malformed = false;
};

// What one event (or body) held.
struct EventContent {
  enum class Kind : uint8_t {
    kContent,
    kDone,       // "[DONE]"
    kError,      // has an "error" that is not null, is the "object" "error", or finishes by "error"
    kMalformed,  // not a JSON object
  };
  Kind kind = Kind::kContent;
  bool has_text = false;           // non-empty text, refusal or tool-call text, of any choice
  bool has_reasoning = false;      // non-empty reasoning text
  bool has_answer = false;         // has what the dialect answers in (choices, data), be it empty
  bool has_choice = false;         // the answer is not empty: a choice, a vector
  bool has_finish = false;         // a choice says why it ends
  bool has_length_finish = false;  // a choice was cut by the limit of tokens: there were some
  bool has_usage = false;          // a usage object with a total that is not zero
  TokenUsage usage;
};

// Where the texts of a response go, still escaped as they stand in the JSON; null = not wanted.
struct TextSink {
  std::string* text = nullptr;
  std::string* reasoning = nullptr;
  size_t max_bytes = 0;  // of each
  bool cut = false;      // set when the bound was met; what is kept is a prefix
};

class ResponseReader {
 public:
  virtual ~ResponseReader() = default;

  // One SSE event's data. shape: what this stream's last events looked like, for speed only.
  virtual void ReadEvent(absl::string_view data, EventShape* shape, TextSink* sink,
                         EventContent* content) = 0;
  // A whole JSON body.
  virtual void ReadBody(absl::string_view body, TextSink* sink, EventContent* content) = 0;
};

}  // namespace drumfire
