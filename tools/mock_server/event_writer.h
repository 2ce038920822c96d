// Writes the events of one stream: constant parts are joined once, so a token costs a few copies.
#pragma once

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/mock_server/envelope.h"
#include "tools/mock_server/event_template.h"
#include "tools/mock_server/usage.h"

namespace drumfire::mock {

class EventWriter {
 public:
  // `usage_asked`: the client requested a usage event. `chunked` false: events have no chunked
  // framing (HTTP/1.0).
  EventWriter(const AnswerIdentity& identity, bool usage_asked, bool chunked);

  // The position of a text in its stream.
  struct TextPlace {
    bool first = false;  // the first event with or without text
    bool last = false;
    bool reasoning = false;
  };

  // Each appends one event to *out, as a separate HTTP chunk.
  void Role(std::string* out) const;
  void Text(absl::string_view text, TextPlace place, std::string* out) const;
  // The error event sent when the engine dies in mid-stream.
  void Error(std::string* out) const;
  void Done(std::string* out) const;
  void Comment(std::string* out) const;
  // The events after the last text: finish, usage and [DONE], as the persona orders them.
  void End(const Usage& usage, std::string* out) const;
  // The end of the body itself.
  void LastChunk(std::string* out) const;

 private:
  void Frame(absl::string_view payload, std::string* out) const;
  void Event(absl::string_view choices, absl::string_view tail, std::string* out) const;
  std::string EventPayload(absl::string_view choices, absl::string_view tail) const;
  std::string FinishTail(const Usage& usage) const;
  absl::string_view TextOpen(TextPlace place) const;
  std::string LastTextClose() const;

  const EventTemplate* shape_;
  const PersonaTraits* traits_;
  Persona persona_;
  ApiKind kind_;
  bool usage_asked_;
  bool chunked_;
  absl::string_view finish_reason_;
  Envelope envelope_;
  std::string text_tail_;
};

}  // namespace drumfire::mock
