// POST /v1/embeddings: the vectors are not read; usage and errors are.
#include "common/dialect/openai_reader.h"

namespace drumfire {
namespace {

class EmbeddingsReader : public OpenAiReader {
 protected:
  Error ReadField(RawString key, Value, TextCollector* collector) override {
    if (key == "data" || key == "embeddings") collector->content()->has_answer = true;
    return simdjson::SUCCESS;
  }
};

}  // namespace

std::unique_ptr<ResponseReader> MakeEmbeddingsReader() {
  return std::make_unique<EmbeddingsReader>();
}

}  // namespace drumfire
