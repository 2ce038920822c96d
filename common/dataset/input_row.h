// One row of an input file.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Tokens of one row, input or output, at most.
inline constexpr uint64_t kMaxRowTokens = 1 << 24;

struct InputRow {
  size_t line = 0;                  // in the file, from 1
  std::optional<double> timestamp;  // as it stands, in the file's unit; at least 0
  std::optional<double> delay_ms;   // AIPerf's wait after the turn before, at least 0
  uint32_t input_length = 0;        // Mooncake; 0 = the row has a text
  uint32_t output_length = 0;       // 0 = none asked
  std::vector<uint64_t> hash_ids;
  std::string text;  // empty = the row has an input length
  std::string model;
  std::string role;        // empty = "user"
  std::string extra_json;  // object for the request's body, as spelled; empty = none
  std::string session_id;
  std::vector<std::string> ignored_keys;  // left out since the caller said so
};

struct RowKind;

// Which kind of row this is, by its `type` or its fields; nullptr when no field tells.
const RowKind* DetectRowKind(simdjson::dom::object row);

struct RowRules {
  const RowKind* kind = nullptr;          // not owned; set before rows are parsed
  std::vector<std::string> ignored_keys;  // keys to leave out on purpose
};

// text: the same object as in the file, for fields that are sent as spelled. Every key is read,
// ignored by the rules, or refused; null is as good as absent. Errors read "key: found X, expected
// Y".
absl::StatusOr<InputRow> ParseInputRow(simdjson::dom::object row, absl::string_view text,
                                       const RowRules& rules);

}  // namespace drumfire
