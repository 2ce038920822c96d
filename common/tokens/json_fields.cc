#include "common/tokens/json_fields.h"

#include <string_view>

namespace drumfire {

using simdjson::dom::element;

element Field(element parent, absl::string_view name) {
  static simdjson::dom::parser* null_owner = new simdjson::dom::parser;
  static const element null = null_owner->parse(simdjson::padded_string("null", 4)).value_unsafe();
  element field;
  const auto found = parent[std::string_view(name.data(), name.size())].get(field);
  return found == simdjson::SUCCESS ? field : null;
}

absl::string_view StringField(element parent, absl::string_view name, absl::string_view otherwise) {
  std::string_view value;
  if (Field(parent, name).get(value) != simdjson::SUCCESS) return otherwise;
  return {value.data(), value.size()};
}

bool BoolField(element parent, absl::string_view name, bool otherwise) {
  bool value = false;
  return Field(parent, name).get(value) == simdjson::SUCCESS ? value : otherwise;
}

}  // namespace drumfire
