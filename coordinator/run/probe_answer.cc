#include "coordinator/run/probe_answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace drumfire {
namespace {

using Json = nlohmann::json;

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

// The JSON documents of an answer: its data lines when it is a stream of events, else all of it.
std::vector<Json> Documents(absl::string_view body) {
  std::vector<Json> documents;
  for (absl::string_view line : absl::StrSplit(body, '\n')) {
    if (!absl::ConsumePrefix(&line, "data:")) continue;
    documents.push_back(Json::parse(line.begin(), line.end(), nullptr, false));
  }
  if (documents.empty()) documents.push_back(Json::parse(body.begin(), body.end(), nullptr, false));
  return documents;
}

bool IsError(const Json& document) {
  if (!document.is_object()) return false;
  const auto error = document.find("error");
  if (error != document.end() && !error->is_null()) return true;
  const auto kind = document.find("object");
  return kind != document.end() && *kind == "error";
}

bool FinishedWithError(const Json& choice) {
  return choice.is_object() && choice.contains("finish_reason") &&
         choice["finish_reason"] == "error";
}

bool HasElements(const Json& document, const char* key) {
  return document.is_object() && document.contains(key) && document[key].is_array() &&
         !document[key].empty();
}

bool FailedChoice(const Json& document) {
  if (!HasElements(document, "choices")) return false;
  const Json& choices = document["choices"];
  return std::any_of(choices.begin(), choices.end(), &FinishedWithError);
}

}  // namespace

std::optional<std::vector<std::string>> ListedModels(absl::string_view body) {
  const Json document = Json::parse(body.begin(), body.end(), nullptr, false);
  if (!document.is_object() || !document.contains("data") || !document["data"].is_array()) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const Json& model : document["data"]) {
    if (model.is_object() && model.contains("id") && model["id"].is_string()) {
      names.push_back(model["id"].get<std::string>());
    }
  }
  return names;
}

std::string WhyNoInference(const ProbeAnswer& answer) {
  if (!answer.error.empty()) return answer.error;
  if (!IsGood(answer.status)) return StatusAndBody(answer);
  bool has_content = false;
  for (const Json& document : Documents(answer.body)) {
    if (IsError(document) || FailedChoice(document)) {
      return absl::StrCat("status ", answer.status,
                          " with an error in the body: ", Excerpt(answer.body));
    }
    has_content |= HasElements(document, "choices") || HasElements(document, "data");
  }
  if (has_content) return "";
  return absl::StrCat("status ", answer.status,
                      " without a choice or an embedding: ", Excerpt(answer.body));
}

std::string WhyNotListed(const ProbeAnswer& answer, absl::string_view model) {
  if (!answer.error.empty()) return answer.error;
  if (!IsGood(answer.status)) return StatusAndBody(answer);
  const auto names = ListedModels(answer.body);
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
