// Keys of rows and how their values are read. Those that several kinds share are here.
#pragma once

#include <simdjson.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/dataset/input_row.h"

namespace drumfire {

// One key with its value, on its way into a row.
struct FieldValue {
  absl::string_view key;
  simdjson::dom::element value;
  absl::string_view row_text;   // the row as spelled
  absl::string_view kind_name;  // of the row's kind
};

struct RowField {
  absl::string_view key;
  // Errors read "key: found X, expected Y".
  absl::Status (*read)(const FieldValue& field, InputRow* row);
};

absl::Status WrongField(absl::string_view key, absl::string_view found, absl::string_view expected);

absl::Status ReadText(const FieldValue& field, InputRow* row);
// A list of one string stands for a text.
absl::Status ReadTexts(const FieldValue& field, InputRow* row);
absl::Status ReadRole(const FieldValue& field, InputRow* row);
absl::Status ReadTimestamp(const FieldValue& field, InputRow* row);
absl::Status ReadInputLength(const FieldValue& field, InputRow* row);
absl::Status ReadOutputLength(const FieldValue& field, InputRow* row);
absl::Status ReadHashIds(const FieldValue& field, InputRow* row);
absl::Status ReadModel(const FieldValue& field, InputRow* row);
absl::Status ReadExtra(const FieldValue& field, InputRow* row);
absl::Status ReadSession(const FieldValue& field, InputRow* row);
absl::Status ReadDelay(const FieldValue& field, InputRow* row);
absl::Status ReadType(const FieldValue& field, InputRow* row);

}  // namespace drumfire
