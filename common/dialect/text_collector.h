// Takes the texts that a reader finds in one event: notes that they were there, keeps them, and
// remembers whether the event is simple enough to learn its shape.
#pragma once

#include "absl/strings/string_view.h"
#include "common/dialect/response_reader.h"

namespace drumfire {

class TextCollector {
 public:
  // Neither is owned.
  TextCollector(TextSink* sink, EventContent* content) : sink_(sink), content_(content) {}

  // Still escaped; an empty text is nothing.
  void Add(absl::string_view text, bool is_reasoning);
  // The one text of the event; false when there was none or more than one.
  bool SingleText(absl::string_view* text, bool* is_reasoning) const;
  EventContent* content() { return content_; }

 private:
  TextSink* sink_;
  EventContent* content_;
  int count_ = 0;
  absl::string_view last_;
  bool last_is_reasoning_ = false;
};

}  // namespace drumfire
