// The shape of a stream's last text event: all its bytes but the text. Servers send the same bytes
// round every piece of text, so an event that fits the shape needs no JSON parser: what the parser
// found in the last one holds for it too.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

class EventShape {
 public:
  // Keeps the bytes before and after the text, which lies inside event (between its quotes). An
  // event of several lines is not learnt, so whatever has a shape is one line.
  void Learn(absl::string_view event, absl::string_view text, bool is_reasoning);
  void Forget();
  // True when event has this shape and a text that is valid JSON; then *text is set to it (still
  // escaped).
  bool Match(absl::string_view event, absl::string_view* text) const;
  bool is_reasoning() const { return is_reasoning_; }

 private:
  std::string frame_;  // the bytes before the text, then those after it; empty = nothing learnt
  uint32_t prefix_bytes_ = 0;
  bool is_reasoning_ = false;
};

}  // namespace drumfire
