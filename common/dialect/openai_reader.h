// What all OpenAI dialects share: error and usage beside the answer, "[DONE]", and the shape of
// text events.
#pragma once

#include <memory>

#include "common/dialect/json_document.h"
#include "common/dialect/response_reader.h"
#include "common/dialect/text_collector.h"

namespace drumfire {

class OpenAiReader : public ResponseReader {
 public:
  void ReadEvent(absl::string_view data, EventShape* shape, TextSink* sink,
                 EventContent* content) final;
  void ReadBody(absl::string_view body, TextSink* sink, EventContent* content) final;

 protected:
  using RawString = simdjson::ondemand::raw_json_string;
  using Value = simdjson::ondemand::value;
  using Error = simdjson::error_code;

  // A field of the event or body other than error, object and usage. Sets has_answer when it is the
  // answer.
  virtual Error ReadField(RawString key, Value value, TextCollector* collector) = 0;
  // Adds the value when it is a string.
  void AddText(Value value, bool is_reasoning, TextCollector* collector);
  // finish_reason "error" is how a dead engine's answer ends behind a live front end.
  void ReadFinishReason(Value value, EventContent* content);
  const JsonDocument& document() const { return document_; }

 private:
  void ReadDocument(absl::string_view data, TextCollector* collector);
  Error ReadRoot(absl::string_view data, TextCollector* collector);
  void ReadError(Value value, EventContent* content);
  void ReadObjectName(Value value, EventContent* content);

  JsonDocument document_;
};

}  // namespace drumfire
