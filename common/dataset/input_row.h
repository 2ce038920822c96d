// One line of an input file.
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
  uint32_t input_length = 0;        // Mooncake; 0 = the row has a text
  uint32_t output_length = 0;       // 0 = none asked
  std::vector<uint64_t> hash_ids;
  std::string text;  // empty = the row has an input length
  std::string model;
  bool has_delay = false, has_session = false;  // read over, and said so
};

// Which kind of row this is, by its fields. Nothing when no field tells.
std::optional<v1::DatasetKind> DetectRowKind(simdjson::dom::object row);

// kind: DATASET_SINGLE_TURN or DATASET_MOONCAKE. Errors read "field: found X, expected Y".
absl::StatusOr<InputRow> ParseInputRow(simdjson::dom::object row, v1::DatasetKind kind);

}  // namespace drumfire
