#include "coordinator/run/probe_answer.h"

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace drumfire {
namespace {

constexpr size_t kExcerptBytes = 160;
constexpr size_t kNamesShown = 5;

std::string Excerpt(std::string body) {
  absl::RemoveExtraAsciiWhitespace(&body);
  const bool cut = body.size() > kExcerptBytes;
  if (cut) body.resize(kExcerptBytes);
  return body.empty() ? "an empty body" : absl::Utf8SafeCEscape(body) + (cut ? "..." : "");
}

std::string StatusAndBody(const ProbeAnswer& answer) {
  return absl::StrCat("status ", answer.status, ", ", Excerpt(answer.body));
}

bool IsGood(long status) { return status >= 200 && status < 300; }

// What the parts of an answer hold together: its data lines when it is a stream of events, else
// all of it.
class AnswerContent {
 public:
  explicit AnswerContent(const Dialect& dialect) : reader_(dialect.make_reader()) {}

  void Read(absl::string_view body) {
    bool has_events = false;
    for (absl::string_view line : absl::StrSplit(body, '\n')) {
      if (!absl::ConsumePrefix(&line, "data:")) continue;
      has_events = true;
      reader_->ReadEvent(line, &shape_, &no_text_, &content_);
      Take();
    }
    if (has_events) return;
    reader_->ReadBody(body, &no_text_, &content_);
    Take();
  }

  bool is_error() const { return is_error_; }
  bool has_choice() const { return has_choice_; }

 private:
  void Take() {
    is_error_ |= content_.kind == EventContent::Kind::kError;
    has_choice_ |= content_.kind == EventContent::Kind::kContent && content_.has_choice;
  }

  const std::unique_ptr<ResponseReader> reader_;
  EventShape shape_;
  TextSink no_text_;
  EventContent content_;
  bool is_error_ = false;
  bool has_choice_ = false;
};

}  // namespace

std::string WhyNoInference(const ProbeAnswer& answer, const Dialect& dialect) {
  if (!answer.error.empty()) return answer.error;
  if (!IsGood(answer.status)) return StatusAndBody(answer);
  AnswerContent content(dialect);
  content.Read(answer.body);
  if (content.is_error()) {
    return absl::StrCat("status ", answer.status,
                        " with an error in the body: ", Excerpt(answer.body));
  }
  if (content.has_choice()) return "";
  return absl::StrCat("status ", answer.status,
                      " without a choice or an embedding: ", Excerpt(answer.body));
}

std::string WhyNotListed(const ProbeAnswer& answer, absl::string_view model,
                         const Dialect& dialect) {
  if (!answer.error.empty()) return answer.error;
  if (!IsGood(answer.status)) return StatusAndBody(answer);
  const auto names = dialect.models.names(answer.body);
  if (!names) return absl::StrCat("no list of models: ", Excerpt(answer.body));
  if (std::find(names->begin(), names->end(), model) != names->end()) return "";
  return names->empty() ? "it lists no model" : absl::StrCat("it lists ", QuotedNames(*names));
}

std::string AdviceFor(const ProbeAnswer& answer, bool asked_for_list) {
  if (answer.is_tls) return "--ca-cert FILE trusts its certificate, --insecure skips the check";
  if (!answer.error.empty()) return "check that the server runs at this --url, or wait longer";
  if (answer.status == 401 || answer.status == 403) {
    return "--api-key-env, --api-key-file or -H send credentials";
  }
  if (asked_for_list && !IsGood(answer.status)) {
    return "--wait-for-model-mode inference asks for an answer of the model instead";
  }
  if (asked_for_list) {
    return "check --model; --wait-for-model-mode inference does without the list";
  }
  if (answer.status == 404) return "check --model, --url and --endpoint-type";
  if (answer.status == 400 || answer.status == 422) {
    return "check --extra-inputs and --endpoint-type";
  }
  return "wait longer, or look into the server's log";
}

std::string QuotedNames(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", "\"", absl::Utf8SafeCEscape(names[i]), "\"");
  }
  if (names.size() > kNamesShown) {
    absl::StrAppend(&text, " and ", names.size() - kNamesShown, " more");
  }
  return text;
}

}  // namespace drumfire
