// simdjson (on demand) over bytes as they came: copied once into a buffer with the padding it
// needs, and bytes that are not UTF-8 do not stop it. Plus the few ways the readers walk a
// document.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace drumfire {

class JsonDocument {
 public:
  // Parses data, which must stay valid as long as the document is read. Invalidates the last
  // document.
  simdjson::error_code Parse(absl::string_view data);
  // The document as an object; an error when it is something else.
  simdjson::error_code Root(simdjson::ondemand::object* root);
  // Nothing but white space follows the root.
  bool IsAtEnd();
  // The text of a string value between its quotes, still escaped, as a part of data. False for
  // other types.
  bool StringText(simdjson::ondemand::value value, absl::string_view* text) const;

 private:
  simdjson::error_code Iterate();
  void MaskHighBytes();

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  absl::string_view data_;
  std::string padded_;
};

using JsonField = absl::FunctionRef<simdjson::error_code(simdjson::ondemand::raw_json_string key,
                                                         simdjson::ondemand::value value)>;
using JsonItem = absl::FunctionRef<simdjson::error_code(simdjson::ondemand::value value)>;

// Calls visit for every field; stops at the first error. What visit leaves unread is skipped.
simdjson::error_code ForEachField(simdjson::ondemand::object object, JsonField visit);
// The same for a value; one that is no object has no fields.
simdjson::error_code ForEachField(simdjson::ondemand::value value, JsonField visit);
// Calls visit for every item; a value that is no array has none.
simdjson::error_code ForEachItem(simdjson::ondemand::value value, JsonItem visit);

bool IsNull(simdjson::ondemand::value value);
// A whole number from 0 to UINT32_MAX; nothing for everything else.
std::optional<uint32_t> CountOf(simdjson::ondemand::value value);

}  // namespace drumfire
