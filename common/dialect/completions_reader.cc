// POST /v1/completions: choices[].text, in streams and whole answers alike.
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
      return ForEachField(choice, [&](RawString name, Value value) {
        if (name == "text") AddText(value, false, collector);
        if (name == "reasoning" || name == "reasoning_content") AddText(value, true, collector);
        if (name == "finish_reason") ReadFinishReason(value, collector->content());
        return SUCCESS;
      });
    });
  }
};

}  // namespace

std::unique_ptr<ResponseReader> MakeCompletionsReader() {
  return std::make_unique<CompletionsReader>();
}

}  // namespace drumfire
