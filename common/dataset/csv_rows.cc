// CSV (RFC 4180): the first row names the keys, each further row is one JSON object. Fields are
// separated as in the first row: by commas, semicolons or tabs. A field that is empty is a key that
// the row does not have. Prompts and names are texts, whatever they look like; any other field is
// JSON where it is valid JSON (12, true, [1,2]), and a text otherwise.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dataset/row_source.h"
#include "common/json/json_escape.h"
#include "common/json/json_text.h"
#include "common/status/status_macros.h"
#include "simdjson.h"

namespace drumfire {
namespace {

constexpr absl::string_view kSeparators = ",;\t";
constexpr absl::string_view kTextKeys[] = {"text",  "text_input", "role",
                                           "model", "session_id", "type"};
constexpr size_t kLongestColumnName = 60;

bool IsTextKey(absl::string_view key) {
  return std::find(std::begin(kTextKeys), std::end(kTextKeys), key) != std::end(kTextKeys);
}

bool IsName(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestColumnName &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
         });
}

absl::string_view FirstLine(absl::string_view bytes) {
  return absl::StripTrailingAsciiWhitespace(bytes.substr(0, bytes.find('\n')));
}

char SeparatorOf(absl::string_view header) {
  const size_t at = header.find_first_of(kSeparators);
  return at == absl::string_view::npos ? kSeparators.front() : header[at];
}

class CsvRows : public RowSource {
 public:
  explicit CsvRows(absl::string_view bytes)
      : left_(bytes), separator_(SeparatorOf(FirstLine(bytes))) {}

  absl::StatusOr<std::optional<RawRow>> Next() override {
    if (keys_.empty()) DRUMFIRE_RETURN_IF_ERROR(ReadKeys());
    SkipBlankLines();
    if (left_.empty()) return std::nullopt;
    const size_t line = line_;
    DRUMFIRE_RETURN_IF_ERROR(ReadFields());
    if (fields_.size() != keys_.size()) {
      return Wrong(line, absl::StrCat(fields_.size(), " fields"),
                   absl::StrCat(keys_.size(), ", as in the first row"));
    }
    MakeJson();
    return RawRow{absl::string_view(json_).substr(0, json_.size() - simdjson::SIMDJSON_PADDING),
                  line};
  }

 private:
  static absl::Status Wrong(size_t line, absl::string_view found, absl::string_view expected) {
    return absl::InvalidArgumentError(
        absl::StrCat(line, ": found ", found, ", expected ", expected));
  }

  absl::Status ReadKeys() {
    DRUMFIRE_RETURN_IF_ERROR(ReadFields());
    for (std::string& field : fields_) {
      std::string key(absl::StripAsciiWhitespace(field));
      if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) {
        return Wrong(1, absl::StrCat("two columns ", absl::Utf8SafeCEscape(key)),
                     "one column for each key");
      }
      keys_.push_back(std::move(key));
    }
    return absl::OkStatus();
  }

  void SkipBlankLines() {
    while (!left_.empty() && (left_.front() == '\n' || left_.front() == '\r')) Step();
  }

  void Step() {
    if (left_.front() == '\n') ++line_;
    left_.remove_prefix(1);
  }

  // One row, and the end of its line.
  absl::Status ReadFields() {
    fields_.clear();
    while (true) {
      fields_.emplace_back();
      DRUMFIRE_RETURN_IF_ERROR(ReadField(&fields_.back()));
      if (left_.empty() || left_.front() != separator_) break;
      Step();
    }
    if (absl::StartsWith(left_, "\r")) Step();
    if (!left_.empty()) Step();
    return absl::OkStatus();
  }

  absl::Status ReadField(std::string* field) {
    if (absl::StartsWith(left_, "\"")) return ReadQuoted(field);
    const char ends[] = {separator_, '\n', '\0'};
    const size_t end = std::min(left_.find_first_of(ends), left_.size());
    *field = std::string(absl::StripTrailingAsciiWhitespace(left_.substr(0, end)));
    left_.remove_prefix(end - (end > 0 && left_[end - 1] == '\r' ? 1 : 0));
    return absl::OkStatus();
  }

  // Two quotes inside stand for one.
  absl::Status ReadQuoted(std::string* field) {
    const size_t line = line_;
    Step();
    while (true) {
      if (left_.empty()) return Wrong(line, "a quote that is not closed", "a second one");
      if (left_.front() == '"' && !absl::StartsWith(left_, "\"\"")) break;
      if (left_.front() == '"') Step();
      field->push_back(left_.front());
      Step();
    }
    Step();
    const bool ends = left_.empty() || left_.front() == separator_ || left_.front() == '\n' ||
                      left_.front() == '\r';
    return ends ? absl::OkStatus()
                : Wrong(line_, "text behind a closing quote",
                        "the end of the field (a quote inside is written twice)");
  }

  void MakeJson() {
    json_ = "{";
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (fields_[i].empty()) continue;
      if (json_.size() > 1) json_.push_back(',');
      AppendJsonString(keys_[i], &json_);
      json_.push_back(':');
      if (!IsTextKey(keys_[i]) && IsJson(fields_[i])) {
        json_.append(fields_[i]);
      } else {
        AppendJsonString(fields_[i], &json_);
      }
    }
    json_.push_back('}');
    json_.append(simdjson::SIMDJSON_PADDING, '\0');
  }

  absl::string_view left_;
  const char separator_;
  size_t line_ = 1;
  std::vector<std::string> keys_;
  std::vector<std::string> fields_;  // of the row at hand
  std::string json_;                 // the same, with padding for the parser
};

// A first row of names: of several, or of the one key that alone makes a row.
bool SniffCsv(absl::string_view bytes) {
  absl::string_view header = FirstLine(bytes);
  const char separator = SeparatorOf(header);
  if (!absl::StrContains(header, separator)) return header == "text" || header == "text_input";
  while (!header.empty()) {
    const size_t end = std::min(header.find(separator), header.size());
    absl::string_view name = absl::StripAsciiWhitespace(header.substr(0, end));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    if (!IsName(name)) return false;
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return true;
}

std::unique_ptr<RowSource> OpenCsv(absl::string_view bytes) {
  return std::make_unique<CsvRows>(bytes);
}

}  // namespace

extern constexpr RowLayout kCsvLayout = {.name = "CSV",
                                         .row = "a row whose fields are valid JSON or text",
                                         .sniff = &SniffCsv,
                                         .open = &OpenCsv};

}  // namespace drumfire
