// POST /v1/completions: choices[].text, in streams and whole answers alike.
#include "common/dialect/openai.h"
#include "common/dialect/openai_reader.h"

namespace drumfire {

using simdjson::SUCCESS;

namespace {

class CompletionsReader : public OpenAiReader {
 protected:
  Error ReadField(RawString key, Value field, TextCollector* collector) override {
    if (key != "choices") return SUCCESS;
    collector->content()->has_answer = true;
    return ForEachItem(field, [&](Value choice) {
      collector->content()->has_choice = true;
      return ForEachField(choice, [&](RawString name, Value value) {
        if (name == "text") AddText(value, false, collector);
        if (name == "reasoning" || name == "reasoning_content") AddText(value, true, collector);
        if (name == "finish_reason") ReadFinishReason(value, collector->content());
        return SUCCESS;
      });
    });
  }
};

std::vector<BodyField> CompletionsFields(const v1::Endpoint& endpoint) {
  std::vector<BodyField> fields = {{"prompt", &AppendFirstText}, {"model", &AppendModel}};
  AddGenerationFields(endpoint, "max_tokens", &fields);
  return fields;
}

std::unique_ptr<ResponseReader> MakeCompletionsReader() {
  return std::make_unique<CompletionsReader>();
}

}  // namespace

extern constexpr Dialect kCompletionsDialect = {
    .type = v1::ENDPOINT_COMPLETIONS,
    .name = "completions",
    .path = "/v1/completions",
    .produces_tokens = true,
    .framing = Framing::kServerSentEvents,
    .takes_batches = false,
    .takes_roles = false,
    .takes_history = false,
    .has_legacy_limit = false,
    .body_fields = &CompletionsFields,
    .output_limit_keys = kOpenAiLimitKeys,
    .make_reader = &MakeCompletionsReader,
    .models = kOpenAiModels,
};

}  // namespace drumfire
