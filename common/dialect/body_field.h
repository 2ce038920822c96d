// The parts of a request body: what it is made from, and its top-level keys.
#pragma once

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// A message of a conversation. Not escaped.
struct Message {
  absl::string_view role;  // empty = "user"
  absl::string_view text;
};

// What one request of a conversation is made from. Nothing is owned.
struct BodyInput {
  absl::string_view model = {};
  absl::Span<const Message> history = {};    // earlier turns with their replies; empty in turn 0
  absl::string_view role = {};               // of the new message; empty = "user"
  absl::Span<const std::string> texts = {};  // the new message; several only if takes_batches
  uint32_t output_limit = 0;                 // tokens asked for at most; 0 = no limit is sent
  absl::string_view extra_json = {};         // the entry's own fields, an object; empty = none
};

// One top-level key of a body: a constant, or appended per request.
class BodyField {
 public:
  using Append = void (*)(const BodyInput& input, std::string* out);

  // constant_json: JSON text.
  BodyField(std::string key, std::string constant_json)
      : key_(std::move(key)), constant_(std::move(constant_json)) {}
  BodyField(std::string key, Append append) : key_(std::move(key)), append_(append) {}

  // A field that is sent only with an output limit.
  static BodyField OutputLimit(std::string key);

  const std::string& key() const { return key_; }
  bool IsSent(const BodyInput& input) const { return !is_limit_ || input.output_limit > 0; }
  void AppendValue(const BodyInput& input, std::string* out) const {
    append_ == nullptr ? void(out->append(constant_)) : append_(input, out);
  }

  // Puts a constant in the place of the value; a constant that was there is merged with it.
  void Override(absl::string_view json);

 private:
  std::string key_;
  std::string constant_ = "null";
  Append append_ = nullptr;
  bool is_limit_ = false;
};

// Values that dialects share.
void AppendModel(const BodyInput& input, std::string* out);
void AppendFirstText(const BodyInput& input, std::string* out);
// An array of strings.
void AppendTexts(const BodyInput& input, std::string* out);
// An array of {"role":..,"content":..}: the history, then the new message.
void AppendMessages(const BodyInput& input, std::string* out);

}  // namespace drumfire
