#include "tools/mock_server/envelope.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/mock_server/event_template.h"
#include "tools/mock_server/json_text.h"

namespace drumfire::mock {
namespace {

constexpr absl::string_view kChoicesHole = "$choices";
constexpr absl::string_view kTailHole = "$tail";

// The name as the inside of a JSON string.
std::string Escaped(const std::string& text) {
  const std::string quoted = JsonQuoted(text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Envelope MakeEnvelope(const AnswerIdentity& identity, absl::string_view object) {
  const absl::string_view whole = EventTemplateOf(identity.persona, identity.kind).envelope;
  const size_t choices = whole.find(kChoicesHole);
  const size_t tail = whole.find(kTailHole);
  const std::string created = absl::StrCat(identity.created_s);
  const std::string model = Escaped(identity.model);
  const auto fill = [&](absl::string_view part) {
    return absl::StrReplaceAll(
        part,
        {{"$id", identity.id}, {"$object", object}, {"$created", created}, {"$model", model}});
  };
  const size_t behind_choices = choices + kChoicesHole.size();
  return {.front = fill(whole.substr(0, choices)),
          .middle = fill(whole.substr(behind_choices, tail - behind_choices)),
          .back = fill(whole.substr(tail + kTailHole.size()))};
}

std::string WithFinishReason(absl::string_view fragment, absl::string_view finish_reason) {
  return absl::StrReplaceAll(fragment, {{"$finish", finish_reason}});
}

}  // namespace drumfire::mock
