// Reads one dialect of responses: finds text, usage, errors and the end in an SSE event's data or
// in a whole JSON body. Knows nothing of time or transport. Holds a JSON parser and its buffer: one
// reader a thread serves all its requests.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"
#include "worker/endpoint/event_shape.h"

namespace drumfire {

// What one event (or body) held. Views live until the reader's next call, and no longer than the
// data given.
struct EventContent {
  enum class Kind { kContent, kDone, kError, kMalformed };
  Kind kind = Kind::kContent;
  bool has_text = false;       // non-empty text, refusal or tool-call text
  bool has_reasoning = false;  // non-empty reasoning text
  bool has_usage = false;      // a usage object with a total above zero
  v1::Usage usage;
};

// Where the texts of a response go, still escaped as they stand in the JSON; null = not wanted.
struct TextSink {
  std::string* text = nullptr;
  std::string* reasoning = nullptr;
  size_t max_bytes = 0;  // of each
  bool cut = false;      // the bound was met; what is kept is a prefix
};

class ResponseReader {
 public:
  virtual ~ResponseReader() = default;

  // One SSE event's data. shape: this stream's memory of its last event, for speed only.
  virtual void ReadEvent(absl::string_view data, EventShape* shape, TextSink* sink,
                         EventContent* content) = 0;
  // A whole JSON body.
  virtual void ReadBody(absl::string_view body, TextSink* sink, EventContent* content) = 0;
};

std::unique_ptr<ResponseReader> MakeResponseReader(v1::EndpointType type);

}  // namespace drumfire
