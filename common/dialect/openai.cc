#include "common/dialect/openai.h"

#include <nlohmann/json.hpp>

namespace drumfire {

void AddGenerationFields(const v1::Endpoint& endpoint, absl::string_view limit_key,
                         std::vector<BodyField>* fields) {
  fields->emplace_back("stream", std::string(endpoint.streaming() ? "true" : "false"));
  fields->push_back(BodyField::OutputLimit(std::string(limit_key)));
  if (endpoint.streaming() && !endpoint.omit_stream_usage()) {
    fields->emplace_back("stream_options",
                         std::string(R"({"include_usage":true})"));  // as kAskForUsage
  }
}

std::optional<std::vector<std::string>> OpenAiModelNames(absl::string_view body) {
  using Json = nlohmann::json;
  const Json document = Json::parse(body.begin(), body.end(), nullptr, false);
  if (!document.is_object() || !document.contains("data") || !document["data"].is_array()) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const Json& model : document["data"]) {
    if (model.is_object() && model.contains("id") && model["id"].is_string()) {
      names.push_back(model["id"].get<std::string>());
    }
  }
  return names;
}

}  // namespace drumfire
