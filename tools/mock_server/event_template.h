// The JSON of a stream's events per persona, as templates.
#pragma once

#include "absl/strings/string_view.h"
#include "tools/mock_server/api_request.h"
#include "tools/mock_server/persona.h"

namespace drumfire::mock {

// An event is `envelope` with $choices and $tail filled in; a fragment is one `"choices":[...]`.
// $id, $object, $created and $model are filled in once per stream, $finish ("length" or "stop")
// where it occurs.
struct EventTemplate {
  absl::string_view envelope = {};
  absl::string_view role = {};       // empty: no role event
  absl::string_view role_tail = {};  // goes into $tail
  absl::string_view text_open = {};  // before the text (JSON string content)
  absl::string_view first_text_open =
      {};  // the same for the first text if it carries the role; otherwise as text_open
  absl::string_view reasoning_open = {};
  absl::string_view text_close = {};
  absl::string_view first_text_close = {};
  absl::string_view last_text_close = {};  // used by personas with FinishPlace::kOnLastText
  absl::string_view finish = {};           // the finish event of the others
  absl::string_view usage = {};            // the event that carries the usage
  absl::string_view usage_tail = {};       // after the usage object
};

// Chat or completions. Static.
const EventTemplate& EventTemplateOf(Persona persona, ApiKind kind);

}  // namespace drumfire::mock
