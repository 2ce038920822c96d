#include "common/dataset/row_field.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"

namespace drumfire {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;

constexpr size_t kShownBytes = 60;

// The value as written in the file, truncated to fit into a message.
std::string Shown(element value) {
  const std::string json = simdjson::minify(value);
  return json.size() <= kShownBytes ? json : json.substr(0, kShownBytes) + "...";
}

absl::Status Wrong(const FieldValue& field, absl::string_view expected) {
  return WrongField(field.key, Shown(field.value), expected);
}

absl::Status ReadCount(const FieldValue& field, uint64_t least, uint32_t* out) {
  uint64_t count = 0;
  if (field.value.get(count) != SUCCESS || count < least || count > kMaxRowTokens) {
    return Wrong(field, absl::StrCat("a whole number from ", least, " to ", kMaxRowTokens));
  }
  *out = static_cast<uint32_t>(count);
  return absl::OkStatus();
}

absl::Status ReadString(const FieldValue& field, std::string* out) {
  std::string_view text;
  if (field.value.get(text) != SUCCESS || text.empty()) {
    return Wrong(field, "a string that is not empty");
  }
  out->assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status ReadTime(const FieldValue& field, std::optional<double>* out) {
  double time = 0;
  if (field.value.get(time) != SUCCESS || !std::isfinite(time) || time < 0) {
    return Wrong(field, "a number of at least 0");
  }
  *out = time;
  return absl::OkStatus();
}

}  // namespace

absl::Status WrongField(absl::string_view key, absl::string_view found,
                        absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(key, ": found ", found, ", expected ", expected));
}

absl::Status ReadTimestamp(const FieldValue& field, InputRow* row) {
  return ReadTime(field, &row->timestamp);
}

absl::Status ReadDelay(const FieldValue& field, InputRow* row) {
  return ReadTime(field, &row->delay_ms);
}

absl::Status ReadInputLength(const FieldValue& field, InputRow* row) {
  return ReadCount(field, 1, &row->input_length);
}

absl::Status ReadOutputLength(const FieldValue& field, InputRow* row) {
  return ReadCount(field, 0, &row->output_length);
}

absl::Status ReadModel(const FieldValue& field, InputRow* row) {
  return ReadString(field, &row->model);
}

absl::Status ReadRole(const FieldValue& field, InputRow* row) {
  return ReadString(field, &row->role);
}

absl::Status ReadText(const FieldValue& field, InputRow* row) {
  if (!row->text.empty()) return WrongField(field.key, "text beside it", "one of the two");
  return ReadString(field, &row->text);
}

// texts with one string stands for text.
absl::Status ReadTexts(const FieldValue& field, InputRow* row) {
  simdjson::dom::array texts;
  std::string_view text;
  if (!row->text.empty()) return WrongField(field.key, "text beside it", "one of the two");
  if (field.value.get(texts) != SUCCESS || texts.size() != 1 || texts.at(0).get(text) != SUCCESS ||
      text.empty()) {
    return Wrong(field, "a list of one string that is not empty");
  }
  row->text.assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status ReadHashIds(const FieldValue& field, InputRow* row) {
  simdjson::dom::array ids;
  if (field.value.get(ids) != SUCCESS) return Wrong(field, "a list of whole numbers");
  row->hash_ids.reserve(ids.size());
  for (const element entry : ids) {
    uint64_t id = 0;
    if (entry.get(id) != SUCCESS) {
      return WrongField(field.key, Shown(entry), "whole numbers of at least 0");
    }
    row->hash_ids.push_back(id);
  }
  return absl::OkStatus();
}

// Taken from the text of the row: a parsed value would be spelled anew.
absl::Status ReadExtra(const FieldValue& field, InputRow* row) {
  if (!field.value.is_object()) return Wrong(field, "an object with fields of the request's body");
  for (const JsonMember& member : JsonMembers(field.row_text)) {
    if (member.key == field.key) row->extra_json = CompactJson(member.value);
  }
  return absl::OkStatus();
}

absl::Status ReadSession(const FieldValue& field, InputRow* row) {
  row->session_id = Shown(field.value);
  return absl::OkStatus();
}

absl::Status ReadType(const FieldValue& field, InputRow*) {
  std::string_view type;
  if (field.value.get(type) == SUCCESS &&
      absl::string_view(type.data(), type.size()) == field.kind_name) {
    return absl::OkStatus();
  }
  return Wrong(field,
               absl::StrCat("\"", field.kind_name, "\" (--ignore-input-keys type leaves it out)"));
}

}  // namespace drumfire
