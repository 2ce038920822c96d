// The JSON body of a dialect: its keys in order, each a constant or filled in per request, with the
// user's extra inputs merged in, and each row's own fields over them. Values keep the user's
// spelling. Made once, then immutable; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/dataset/dataset.h"
#include "common/json/json_text.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// How a streaming body asks for usage, the comma before it included. No prompt can hold it: quotes
// in a text are escaped.
constexpr absl::string_view kAskForUsage = R"(,"stream_options":{"include_usage":true})";

class BodyTemplate {
 public:
  // Keys and order as AIPerf sends them. Extra inputs that name a key of ours take its place
  // (objects are merged, key by key); others follow at the end. The error names what is wrong with
  // extra_inputs_json.
  static absl::StatusOr<BodyTemplate> Create(const v1::Endpoint& endpoint);

  void AppendBody(const Dataset& dataset, uint64_t entry, absl::string_view model,
                  std::string* out) const;

 private:
  enum class Value : uint8_t { kConstant, kMessages, kPrompt, kInputs, kModel, kOutputLimit };

  struct Field {
    Value value;
    std::string key;
    std::string constant;  // JSON text
  };

  void AddBuiltIn(const v1::Endpoint& endpoint);
  absl::Status Merge(const std::string& extra_inputs_json);
  // The template with a row's own fields merged in.
  BodyTemplate With(absl::string_view extra_json) const;
  void MergeMember(const JsonMember& member);
  void AppendFields(const Dataset& dataset, uint64_t entry, const EntryInfo& info,
                    absl::string_view model, std::string* out) const;
  void AppendValue(const Field& field, const Dataset& dataset, uint64_t entry,
                   const EntryInfo& info, absl::string_view model, std::string* out) const;
  void AppendInputs(const Dataset& dataset, uint64_t entry, std::string* out) const;

  std::vector<Field> fields_;
  uint32_t batch_size_ = 1;
};

}  // namespace drumfire
