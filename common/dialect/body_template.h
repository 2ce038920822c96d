// The JSON bodies of a dialect: its keys in order, each a constant or filled in per request, with
// the user's extra inputs merged in, and each entry's own fields over them. Values keep the user's
// spelling. Made once, then immutable; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/dialect/body_field.h"
#include "common/dialect/dialect.h"
#include "common/json/json_text.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

class BodyTemplate {
 public:
  // Keys and order as AIPerf sends them. Extra inputs that name a key of ours take its place
  // (objects are merged, key by key); others follow at the end. The error names what is wrong with
  // extra_inputs_json.
  static absl::StatusOr<BodyTemplate> Create(const Dialect& dialect, const v1::Endpoint& endpoint);

  void AppendBody(const BodyInput& input, std::string* out) const;

 private:
  explicit BodyTemplate(std::vector<BodyField> fields) : fields_(std::move(fields)) {}
  absl::Status Merge(const std::string& extra_inputs_json);
  // The template with an entry's own fields merged in.
  BodyTemplate With(absl::string_view extra_json) const;
  void MergeMember(const JsonMember& member);
  void AppendFields(const BodyInput& input, std::string* out) const;

  std::vector<BodyField> fields_;
};

}  // namespace drumfire
