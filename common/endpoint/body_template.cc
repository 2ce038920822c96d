#include "common/endpoint/body_template.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/json/json_escape.h"

namespace drumfire {
namespace {

void AppendText(const Dataset& dataset, uint64_t entry, uint32_t batch_index, std::string* out) {
  std::string text;
  dataset.AppendText(entry, batch_index, &text);
  AppendJsonString(text, out);
}

void AppendMessage(const Dataset& dataset, uint64_t entry, absl::string_view role,
                   std::string* out) {
  out->append(R"([{"role":)");
  AppendJsonString(role.empty() ? "user" : role, out);
  out->append(R"(,"content":)");
  AppendText(dataset, entry, 0, out);
  out->append("}]");
}

}  // namespace

absl::StatusOr<BodyTemplate> BodyTemplate::Create(const v1::Endpoint& endpoint) {
  BodyTemplate body;
  body.batch_size_ = std::max(1u, endpoint.batch_size());
  body.AddBuiltIn(endpoint);
  absl::Status status = body.Merge(endpoint.extra_inputs_json());
  if (!status.ok()) return status;
  return body;
}

void BodyTemplate::AddBuiltIn(const v1::Endpoint& endpoint) {
  const bool is_chat = endpoint.type() == v1::ENDPOINT_CHAT;
  if (endpoint.type() == v1::ENDPOINT_EMBEDDINGS) {
    fields_ = {{Value::kModel, "model", ""}, {Value::kInputs, "input", ""}};
    return;
  }
  const bool is_new_limit = is_chat && !endpoint.use_legacy_max_tokens();
  fields_ = {{is_chat ? Value::kMessages : Value::kPrompt, is_chat ? "messages" : "prompt", ""},
             {Value::kModel, "model", ""},
             {Value::kConstant, "stream", endpoint.streaming() ? "true" : "false"},
             {Value::kOutputLimit, is_new_limit ? "max_completion_tokens" : "max_tokens", ""}};
  if (endpoint.streaming() && !endpoint.omit_stream_usage()) {
    fields_.push_back(
        {Value::kConstant, "stream_options", R"({"include_usage":true})"});  // as kAskForUsage
  }
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
  auto field = std::find_if(fields_.begin(), fields_.end(),
                            [&](const Field& f) { return f.key == member.key; });
  if (field == fields_.end()) field = fields_.insert(field, {Value::kConstant, member.key, "null"});
  const bool is_constant = field->value == Value::kConstant;
  *field = {Value::kConstant, member.key,
            MergedJson(is_constant ? field->constant : "null", member.value)};
}

BodyTemplate BodyTemplate::With(absl::string_view extra_json) const {
  BodyTemplate own = *this;
  for (const JsonMember& member : JsonMembers(extra_json)) own.MergeMember(member);
  return own;
}

void BodyTemplate::AppendBody(const Dataset& dataset, uint64_t entry, absl::string_view model,
                              std::string* out) const {
  const EntryInfo info = dataset.Info(entry);
  if (info.extra_json.empty()) return AppendFields(dataset, entry, info, model, out);
  With(info.extra_json).AppendFields(dataset, entry, info, model, out);
}

void BodyTemplate::AppendFields(const Dataset& dataset, uint64_t entry, const EntryInfo& info,
                                absl::string_view model, std::string* out) const {
  char separator = '{';
  for (const Field& field : fields_) {
    if (field.value == Value::kOutputLimit && info.requested_osl == 0) continue;
    out->push_back(separator);
    separator = ',';
    AppendJsonString(field.key, out);
    out->push_back(':');
    AppendValue(field, dataset, entry, info, model, out);
  }
  out->push_back('}');
}

void BodyTemplate::AppendValue(const Field& field, const Dataset& dataset, uint64_t entry,
                               const EntryInfo& info, absl::string_view model,
                               std::string* out) const {
  switch (field.value) {
    case Value::kConstant:
      out->append(field.constant);
      break;
    case Value::kMessages:
      AppendMessage(dataset, entry, info.role, out);
      break;
    case Value::kPrompt:
      AppendText(dataset, entry, 0, out);
      break;
    case Value::kInputs:
      AppendInputs(dataset, entry, out);
      break;
    case Value::kModel:
      AppendJsonString(info.model.empty() ? model : info.model, out);
      break;
    case Value::kOutputLimit:
      absl::StrAppend(out, info.requested_osl);
      break;
  }
}

void BodyTemplate::AppendInputs(const Dataset& dataset, uint64_t entry, std::string* out) const {
  char separator = '[';
  for (uint32_t i = 0; i < batch_size_; ++i) {
    out->push_back(separator);
    separator = ',';
    AppendText(dataset, entry, i, out);
  }
  out->push_back(']');
}

}  // namespace drumfire
