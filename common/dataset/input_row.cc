#include "common/dataset/input_row.h"

#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kShownBytes = 60;

// Kinds of data that would be sent wrongly if only their text were taken.
constexpr absl::string_view kRefusedFields[] = {"image",  "images", "audio",    "audios",  "video",
                                                "videos", "turns",  "messages", "payload", "tools"};

absl::Status Wrong(absl::string_view field, absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": found ", found, ", expected ", expected));
}

// False when the field is absent or null.
bool Get(object row, absl::string_view field, element* value) {
  return row.at_key(std::string_view(field.data(), field.size())).get(*value) == SUCCESS &&
         !value->is_null();
}

bool Has(object row, absl::string_view field) {
  element value;
  return Get(row, field, &value);
}

// The value as it stands in the file, cut to fit a message.
std::string Shown(element value) {
  const std::string json = simdjson::minify(value);
  return json.size() <= kShownBytes ? json : json.substr(0, kShownBytes) + "...";
}

absl::Status ReadCount(object row, absl::string_view field, uint64_t least, uint32_t* out) {
  element value;
  if (!Get(row, field, &value)) return absl::OkStatus();
  uint64_t count = 0;
  if (value.get(count) != SUCCESS || count < least || count > kMaxRowTokens) {
    return Wrong(field, Shown(value),
                 absl::StrCat("a whole number from ", least, " to ", kMaxRowTokens));
  }
  *out = static_cast<uint32_t>(count);
  return absl::OkStatus();
}

absl::Status ReadString(object row, absl::string_view field, std::string* out) {
  element value;
  if (!Get(row, field, &value)) return absl::OkStatus();
  std::string_view text;
  if (value.get(text) != SUCCESS || text.empty()) {
    return Wrong(field, Shown(value), "a string that is not empty");
  }
  out->assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status ReadTimestamp(object row, std::optional<double>* out) {
  element value;
  if (!Get(row, "timestamp", &value)) return absl::OkStatus();
  double timestamp = 0;
  if (value.get(timestamp) != SUCCESS || !std::isfinite(timestamp) || timestamp < 0) {
    return Wrong("timestamp", Shown(value), "a number of at least 0");
  }
  *out = timestamp;
  return absl::OkStatus();
}

absl::Status ReadHashIds(object row, std::vector<uint64_t>* out) {
  element value;
  if (!Get(row, "hash_ids", &value)) return absl::OkStatus();
  simdjson::dom::array ids;
  if (value.get(ids) != SUCCESS) return Wrong("hash_ids", Shown(value), "a list of whole numbers");
  out->reserve(ids.size());
  for (const element entry : ids) {
    uint64_t id = 0;
    if (entry.get(id) != SUCCESS) {
      return Wrong("hash_ids", Shown(entry), "whole numbers of at least 0");
    }
    out->push_back(id);
  }
  return absl::OkStatus();
}

// texts with one string stands for text.
absl::Status ReadTexts(object row, std::string* out) {
  element value;
  if (!Get(row, "texts", &value)) return ReadString(row, "text", out);
  if (Has(row, "text")) return Wrong("texts", "text beside it", "one of the two");
  simdjson::dom::array texts;
  std::string_view text;
  if (value.get(texts) != SUCCESS || texts.size() != 1 || texts.at(0).get(text) != SUCCESS ||
      text.empty()) {
    return Wrong("texts", Shown(value), "a list of one string that is not empty");
  }
  out->assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status ReadSingleTurn(object row, InputRow* out) {
  if (absl::Status read = ReadTexts(row, &out->text); !read.ok()) return read;
  if (out->text.empty()) return Wrong("text", "none", "the prompt as a string");
  return absl::OkStatus();
}

absl::Status ReadMooncake(object row, InputRow* out) {
  absl::Status status = ReadString(row, "text_input", &out->text);
  status.Update(ReadCount(row, "input_length", 1, &out->input_length));
  status.Update(ReadHashIds(row, &out->hash_ids));
  if (!status.ok()) return status;
  if (out->text.empty() && out->input_length == 0) {
    return Wrong("input_length", "none", "the number of input tokens, or text_input");
  }
  if (out->text.empty()) return absl::OkStatus();
  if (!out->hash_ids.empty()) return Wrong("hash_ids", "text_input beside it", "one of the two");
  out->input_length = 0;  // the text decides
  return absl::OkStatus();
}

}  // namespace

std::optional<v1::DatasetKind> DetectRowKind(object row) {
  for (const absl::string_view field : {"input_length", "hash_ids", "text_input"}) {
    if (Has(row, field)) return v1::DATASET_MOONCAKE;
  }
  for (const absl::string_view field : {"text", "texts"}) {
    if (Has(row, field)) return v1::DATASET_SINGLE_TURN;
  }
  return std::nullopt;
}

absl::StatusOr<InputRow> ParseInputRow(object row, v1::DatasetKind kind) {
  for (const absl::string_view field : kRefusedFields) {
    if (Has(row, field)) return Wrong(field, "it", "text only (other data is not supported)");
  }
  InputRow out;
  absl::Status status =
      kind == v1::DATASET_MOONCAKE ? ReadMooncake(row, &out) : ReadSingleTurn(row, &out);
  status.Update(ReadTimestamp(row, &out.timestamp));
  status.Update(ReadCount(row, "output_length", 0, &out.output_length));
  status.Update(ReadString(row, "model", &out.model));
  if (!status.ok()) return status;
  out.has_delay = Has(row, "delay");
  out.has_session = Has(row, "session_id");
  return out;
}

}  // namespace drumfire
