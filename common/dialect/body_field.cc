#include "common/dialect/body_field.h"

#include "absl/strings/str_cat.h"
#include "common/json/json_escape.h"
#include "common/json/json_text.h"

namespace drumfire {
namespace {

void AppendLimit(const BodyInput& input, std::string* out) {
  absl::StrAppend(out, input.output_limit);
}

void AppendMessage(absl::string_view role, absl::string_view text, std::string* out) {
  out->append(R"({"role":)");
  AppendJsonString(role.empty() ? "user" : role, out);
  out->append(R"(,"content":)");
  AppendJsonString(text, out);
  out->push_back('}');
}

}  // namespace

BodyField BodyField::OutputLimit(std::string key) {
  BodyField field(std::move(key), &AppendLimit);
  field.is_limit_ = true;
  return field;
}

void BodyField::Override(absl::string_view json) {
  constant_ = MergedJson(append_ == nullptr ? constant_ : "null", json);
  append_ = nullptr;
  is_limit_ = false;
}

void AppendModel(const BodyInput& input, std::string* out) { AppendJsonString(input.model, out); }

void AppendFirstText(const BodyInput& input, std::string* out) {
  AppendJsonString(input.texts.front(), out);
}

void AppendTexts(const BodyInput& input, std::string* out) {
  char separator = '[';
  for (const std::string& text : input.texts) {
    out->push_back(separator);
    separator = ',';
    AppendJsonString(text, out);
  }
  out->push_back(']');
}

void AppendMessages(const BodyInput& input, std::string* out) {
  out->push_back('[');
  for (const Message& message : input.history) {
    AppendMessage(message.role, message.text, out);
    out->push_back(',');
  }
  AppendMessage(input.role, input.texts.front(), out);
  out->push_back(']');
}

}  // namespace drumfire
