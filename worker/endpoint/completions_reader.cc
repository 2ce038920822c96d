// POST /v1/completions: choices[].text, in streams and whole answers alike.
#include "worker/endpoint/openai_reader.h"

namespace drumfire {

using simdjson::SUCCESS;

namespace {

class CompletionsReader : public OpenAiReader {
 protected:
  Error ReadField(RawString key, Value field, TextCollector* collector) override {
    if (key != "choices") return SUCCESS;
    collector->content()->has_answer = true;
    return ForEachItem(field, [&](Value choice) {
      return ForEachField(choice, [&](RawString name, Value text) {
        if (name == "text") AddText(text, false, collector);
        if (name == "reasoning" || name == "reasoning_content") AddText(text, true, collector);
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
