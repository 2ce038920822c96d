#include "common/dataset/input_row.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/dataset/row_keys.h"
#include "common/json/json_text.h"

namespace drumfire {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kShownBytes = 60;

// One key with its value on its way into a row.
struct Field {
  absl::string_view key;
  element value;
  absl::string_view row_text;
  v1::DatasetKind kind;
};

// The value as it stands in the file, cut to fit a message.
std::string Shown(element value) {
  const std::string json = simdjson::minify(value);
  return json.size() <= kShownBytes ? json : json.substr(0, kShownBytes) + "...";
}

absl::Status Wrong(absl::string_view key, absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(key, ": found ", found, ", expected ", expected));
}

absl::Status Wrong(const Field& field, absl::string_view expected) {
  return Wrong(field.key, Shown(field.value), expected);
}

absl::Status ReadCount(const Field& field, uint64_t least, uint32_t* out) {
  uint64_t count = 0;
  if (field.value.get(count) != SUCCESS || count < least || count > kMaxRowTokens) {
    return Wrong(field, absl::StrCat("a whole number from ", least, " to ", kMaxRowTokens));
  }
  *out = static_cast<uint32_t>(count);
  return absl::OkStatus();
}

absl::Status ReadString(const Field& field, std::string* out) {
  std::string_view text;
  if (field.value.get(text) != SUCCESS || text.empty()) {
    return Wrong(field, "a string that is not empty");
  }
  out->assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status ReadTime(const Field& field, std::optional<double>* out) {
  double time = 0;
  if (field.value.get(time) != SUCCESS || !std::isfinite(time) || time < 0) {
    return Wrong(field, "a number of at least 0");
  }
  *out = time;
  return absl::OkStatus();
}

absl::Status ReadTimestamp(const Field& field, InputRow* row) {
  return ReadTime(field, &row->timestamp);
}

absl::Status ReadDelay(const Field& field, InputRow* row) {
  return ReadTime(field, &row->delay_ms);
}

absl::Status ReadInputLength(const Field& field, InputRow* row) {
  return ReadCount(field, 1, &row->input_length);
}

absl::Status ReadOutputLength(const Field& field, InputRow* row) {
  return ReadCount(field, 0, &row->output_length);
}

absl::Status ReadModel(const Field& field, InputRow* row) { return ReadString(field, &row->model); }

absl::Status ReadRole(const Field& field, InputRow* row) { return ReadString(field, &row->role); }

absl::Status ReadText(const Field& field, InputRow* row) {
  if (!row->text.empty()) return Wrong(field.key, "text beside it", "one of the two");
  return ReadString(field, &row->text);
}

// texts with one string stands for text.
absl::Status ReadTexts(const Field& field, InputRow* row) {
  simdjson::dom::array texts;
  std::string_view text;
  if (!row->text.empty()) return Wrong(field.key, "text beside it", "one of the two");
  if (field.value.get(texts) != SUCCESS || texts.size() != 1 || texts.at(0).get(text) != SUCCESS ||
      text.empty()) {
    return Wrong(field, "a list of one string that is not empty");
  }
  row->text.assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status ReadHashIds(const Field& field, InputRow* row) {
  simdjson::dom::array ids;
  if (field.value.get(ids) != SUCCESS) return Wrong(field, "a list of whole numbers");
  row->hash_ids.reserve(ids.size());
  for (const element entry : ids) {
    uint64_t id = 0;
    if (entry.get(id) != SUCCESS) {
      return Wrong(field.key, Shown(entry), "whole numbers of at least 0");
    }
    row->hash_ids.push_back(id);
  }
  return absl::OkStatus();
}

// Taken from the text of the row: a parsed value would be spelled anew.
absl::Status ReadExtra(const Field& field, InputRow* row) {
  if (!field.value.is_object()) return Wrong(field, "an object with fields of the request's body");
  for (const JsonMember& member : JsonMembers(field.row_text)) {
    if (member.key == field.key) row->extra_json = CompactJson(member.value);
  }
  return absl::OkStatus();
}

absl::Status ReadSession(const Field& field, InputRow* row) {
  row->session_id = Shown(field.value);
  return absl::OkStatus();
}

absl::Status ReadType(const Field& field, InputRow*) {
  std::string_view type;
  const absl::string_view kind = RowKindName(field.kind);
  if (field.value.get(type) == SUCCESS && absl::string_view(type.data(), type.size()) == kind) {
    return absl::OkStatus();
  }
  return Wrong(field, absl::StrCat("\"", kind, "\" (--ignore-input-keys type leaves it out)"));
}

struct Reader {
  absl::string_view key;
  bool in_single_turn, in_mooncake;
  absl::Status (*read)(const Field& field, InputRow* row);
};

constexpr Reader kReaders[] = {
    {"text", true, false, &ReadText},
    {"texts", true, false, &ReadTexts},
    {"role", true, false, &ReadRole},
    {"timestamp", true, true, &ReadTimestamp},
    {"input_length", false, true, &ReadInputLength},
    {"output_length", true, true, &ReadOutputLength},
    {"hash_ids", false, true, &ReadHashIds},
    {"text_input", false, true, &ReadText},
    {"model", true, true, &ReadModel},
    {"extra", true, true, &ReadExtra},
    {"session_id", true, true, &ReadSession},
    {"delay", true, true, &ReadDelay},
    {"type", true, true, &ReadType},
};

bool BelongsTo(const Reader& reader, v1::DatasetKind kind) {
  return kind == v1::DATASET_MOONCAKE ? reader.in_mooncake : reader.in_single_turn;
}

const Reader* FindReader(absl::string_view key, v1::DatasetKind kind) {
  const auto* const found = std::find_if(
      std::begin(kReaders), std::end(kReaders),
      [&](const Reader& reader) { return reader.key == key && BelongsTo(reader, kind); });
  return found == std::end(kReaders) ? nullptr : found;
}

// Of one row.
class RowReader {
 public:
  RowReader(absl::string_view text, const RowRules& rules) : text_(text), rules_(rules) {}

  absl::Status Add(absl::string_view key, element value) {
    if (value.is_null()) return absl::OkStatus();
    const auto& ignored = rules_.ignored_keys;
    if (std::find(ignored.begin(), ignored.end(), key) != ignored.end()) {
      row.ignored_keys.emplace_back(key);
      return absl::OkStatus();
    }
    const Reader* const reader = FindReader(key, rules_.kind);
    if (reader == nullptr) return UnknownRowKey(key, rules_.kind);
    const uint32_t bit = 1u << (reader - std::begin(kReaders));
    if ((seen_ & bit) != 0) return Wrong(key, "it twice", "each key once");
    seen_ |= bit;
    return reader->read({key, value, text_, rules_.kind}, &row);
  }

  InputRow row;

 private:
  const absl::string_view text_;
  const RowRules& rules_;
  uint32_t seen_ = 0;  // bits of kReaders
};

absl::Status CheckSingleTurn(const InputRow& row) {
  if (row.text.empty()) return Wrong("text", "none", "the prompt as a string");
  return absl::OkStatus();
}

absl::Status CheckMooncake(const InputRow& row) {
  if (row.text.empty() && row.input_length == 0) {
    return Wrong("input_length", "none", "the number of input tokens, or text_input");
  }
  if (row.text.empty()) return absl::OkStatus();
  if (row.input_length > 0) return Wrong("input_length", "text_input beside it", "one of the two");
  if (!row.hash_ids.empty()) return Wrong("hash_ids", "text_input beside it", "one of the two");
  return absl::OkStatus();
}

bool Has(object row, absl::string_view key) {
  element value;
  return row.at_key(std::string_view(key.data(), key.size())).get(value) == SUCCESS &&
         !value.is_null();
}

std::optional<v1::DatasetKind> KindOfType(object row) {
  std::string_view type;
  if (row.at_key("type").get(type) != SUCCESS) return std::nullopt;
  for (const v1::DatasetKind kind : {v1::DATASET_SINGLE_TURN, v1::DATASET_MOONCAKE}) {
    if (RowKindName(kind) == absl::string_view(type.data(), type.size())) return kind;
  }
  return std::nullopt;
}

}  // namespace

absl::string_view RowKindName(v1::DatasetKind kind) {
  return kind == v1::DATASET_MOONCAKE ? "mooncake_trace" : "single_turn";
}

std::optional<v1::DatasetKind> DetectRowKind(object row) {
  if (const auto kind = KindOfType(row)) return kind;
  for (const absl::string_view key : {"input_length", "hash_ids", "text_input"}) {
    if (Has(row, key)) return v1::DATASET_MOONCAKE;
  }
  for (const absl::string_view key : {"text", "texts"}) {
    if (Has(row, key)) return v1::DATASET_SINGLE_TURN;
  }
  return std::nullopt;
}

absl::StatusOr<InputRow> ParseInputRow(object row, absl::string_view text, const RowRules& rules) {
  RowReader reader(text, rules);
  for (const auto [key, value] : row) {
    const absl::Status added = reader.Add({key.data(), key.size()}, value);
    if (!added.ok()) return added;
  }
  const absl::Status whole =
      rules.kind == v1::DATASET_MOONCAKE ? CheckMooncake(reader.row) : CheckSingleTurn(reader.row);
  if (!whole.ok()) return whole;
  return std::move(reader.row);
}

}  // namespace drumfire
