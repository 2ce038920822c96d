// Small readers for fields that a tokenizer.json may or may not have.
#pragma once

#include <simdjson.h>

#include "absl/strings/string_view.h"

namespace drumfire {

// The field; a JSON null when the parent is no object or has no such field.
simdjson::dom::element Field(simdjson::dom::element parent, absl::string_view name);
// The field's value, or the given one when it is absent, null or of another type.
absl::string_view StringField(simdjson::dom::element parent, absl::string_view name,
                              absl::string_view otherwise);
bool BoolField(simdjson::dom::element parent, absl::string_view name, bool otherwise);

}  // namespace drumfire
