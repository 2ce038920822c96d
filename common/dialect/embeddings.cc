// POST /v1/embeddings: the vectors are not read; usage and errors are.
#include "common/dialect/openai.h"
#include "common/dialect/openai_reader.h"

namespace drumfire {
namespace {

class EmbeddingsReader : public OpenAiReader {
 protected:
  Error ReadField(RawString key, Value field, TextCollector* collector) override {
    if (key != "data" && key != "embeddings") return simdjson::SUCCESS;
    EventContent* const content = collector->content();
    content->has_answer = true;
    return ForEachItem(field, [content](Value) {
      content->has_choice = true;
      return simdjson::SUCCESS;
    });
  }
};

std::vector<BodyField> EmbeddingsFields(const v1::Endpoint&) {
  return {{"model", &AppendModel}, {"input", &AppendTexts}};
}

std::unique_ptr<ResponseReader> MakeEmbeddingsReader() {
  return std::make_unique<EmbeddingsReader>();
}

}  // namespace

extern constexpr Dialect kEmbeddingsDialect = {
    .type = v1::ENDPOINT_EMBEDDINGS,
    .name = "embeddings",
    .path = "/v1/embeddings",
    .produces_tokens = false,
    .framing = Framing::kNone,
    .takes_batches = true,
    .takes_roles = false,
    .takes_history = false,
    .has_legacy_limit = false,
    .body_fields = &EmbeddingsFields,
    .output_limit_keys = {},
    .make_reader = &MakeEmbeddingsReader,
    .models = kOpenAiModels,
};

}  // namespace drumfire
