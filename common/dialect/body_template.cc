#include "common/dialect/body_template.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/json/json_escape.h"

namespace drumfire {

absl::StatusOr<BodyTemplate> BodyTemplate::Create(const Dialect& dialect,
                                                  const v1::Endpoint& endpoint) {
  BodyTemplate body(dialect.body_fields(endpoint));
  absl::Status status = body.Merge(endpoint.extra_inputs_json());
  if (!status.ok()) return status;
  return body;
}

absl::Status BodyTemplate::Merge(const std::string& extra_inputs_json) {
  if (extra_inputs_json.empty()) return absl::OkStatus();
  if (!IsJsonObject(extra_inputs_json)) {
    return absl::InvalidArgumentError(absl::StrCat("extra inputs: expected a JSON object, found: ",
                                                   extra_inputs_json.substr(0, 80)));
  }
  for (const JsonMember& member : JsonMembers(extra_inputs_json)) MergeMember(member);
  return absl::OkStatus();
}

void BodyTemplate::MergeMember(const JsonMember& member) {
  auto field = absl::c_find_if(fields_, [&](const BodyField& f) { return f.key() == member.key; });
  if (field == fields_.end()) field = fields_.emplace(field, member.key, std::string("null"));
  field->Override(member.value);
}

BodyTemplate BodyTemplate::With(absl::string_view extra_json) const {
  BodyTemplate own = *this;
  for (const JsonMember& member : JsonMembers(extra_json)) own.MergeMember(member);
  return own;
}

void BodyTemplate::AppendBody(const BodyInput& input, std::string* out) const {
  if (input.extra_json.empty()) return AppendFields(input, out);
  With(input.extra_json).AppendFields(input, out);
}

void BodyTemplate::AppendFields(const BodyInput& input, std::string* out) const {
  char separator = '{';
  for (const BodyField& field : fields_) {
    if (!field.IsSent(input)) continue;
    out->push_back(separator);
    separator = ',';
    AppendJsonString(field.key(), out);
    out->push_back(':');
    field.AppendValue(input, out);
  }
  out->push_back('}');
}

}  // namespace drumfire
