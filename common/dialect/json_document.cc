#include "common/dialect/json_document.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"

namespace drumfire {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

namespace {

constexpr size_t kLeastCapacityBytes = 4 << 10;

bool IsType(simdjson::ondemand::value value, json_type wanted) {
  json_type type;
  return value.type().get(type) == SUCCESS && type == wanted;
}

}  // namespace

error_code JsonDocument::Parse(absl::string_view data) {
  data_ = data;
  padded_.resize(std::max(padded_.size(), data.size() + simdjson::SIMDJSON_PADDING));
  std::copy(data.begin(), data.end(), padded_.begin());
  // simdjson looks at the first byte behind a document: it must not be one of the last document.
  padded_[data.size()] = '\0';
  if (parser_.capacity() < data.size() || parser_.capacity() == 0) {
    const error_code error = parser_.allocate(std::max(2 * data.size(), kLeastCapacityBytes));
    if (error != SUCCESS) return error;
  }
  const error_code error = Iterate();
  if (error != simdjson::UTF8_ERROR) return error;
  MaskHighBytes();
  return Iterate();
}

error_code JsonDocument::Iterate() {
  return parser_.iterate(padded_.data(), data_.size(), padded_.size()).get(document_);
}

// Texts are handed out of data_, so the copy may say '?' where it says anything beyond ASCII.
void JsonDocument::MaskHighBytes() {
  std::replace_if(
      padded_.begin(), padded_.begin() + data_.size(),
      [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
}

error_code JsonDocument::Root(simdjson::ondemand::object* root) {
  return document_.get_object().get(*root);
}

bool JsonDocument::IsAtEnd() {
  return document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

bool JsonDocument::StringText(simdjson::ondemand::value value, absl::string_view* text) const {
  if (!IsType(value, json_type::string)) return false;
  const std::string_view token = value.raw_json_token();
  const absl::string_view quoted =
      absl::StripTrailingAsciiWhitespace(absl::string_view(token.data(), token.size()));
  if (quoted.size() < 2 || quoted.back() != '"') return false;
  *text = data_.substr(quoted.data() + 1 - padded_.data(), quoted.size() - 2);
  return true;
}

error_code ForEachField(simdjson::ondemand::object object, JsonField visit) {
  for (auto&& result : object) {
    simdjson::ondemand::field field;
    error_code error = std::move(result).get(field);
    if (error == SUCCESS) error = visit(field.key(), field.value());
    if (error != SUCCESS) return error;
  }
  return SUCCESS;
}

error_code ForEachField(simdjson::ondemand::value value, JsonField visit) {
  if (!IsType(value, json_type::object)) return SUCCESS;
  simdjson::ondemand::object object;
  const error_code error = value.get_object().get(object);
  return error != SUCCESS ? error : ForEachField(object, visit);
}

error_code ForEachItem(simdjson::ondemand::value value, JsonItem visit) {
  if (!IsType(value, json_type::array)) return SUCCESS;
  simdjson::ondemand::array array;
  error_code error = value.get_array().get(array);
  if (error != SUCCESS) return error;
  for (auto&& result : array) {
    simdjson::ondemand::value item;
    // NOLINTNEXTLINE(performance-move-const-arg): get() takes rvalues only.
    error = std::move(result).get(item);
    if (error == SUCCESS) error = visit(item);
    if (error != SUCCESS) return error;
  }
  return SUCCESS;
}

bool IsNull(simdjson::ondemand::value value) { return IsType(value, json_type::null); }

std::optional<uint32_t> CountOf(simdjson::ondemand::value value) {
  if (!IsType(value, json_type::number)) return std::nullopt;
  double number = 0;
  if (value.get_double().get(number) != SUCCESS) return std::nullopt;
  const bool fits = number >= 0 && number <= static_cast<double>(UINT32_MAX);
  if (!fits || std::trunc(number) != number) return std::nullopt;
  return static_cast<uint32_t>(number);
}

}  // namespace drumfire
