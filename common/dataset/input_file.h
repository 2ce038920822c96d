// Reads --input-file for the coordinator: JSON lines of single_turn or mooncake_trace -> rows for
// the plan.
//
// single_turn: text (or texts with one string), optional role.
// mooncake_trace: input_length with optional hash_ids, or text_input.
// Both: optional output_length, model, timestamp, extra (fields of the request's body), session_id
// (not used, and said so), type. Any other key is refused by name, unless ignored_keys has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// What a file may hold at most; more is refused in one line.
inline constexpr uint64_t kMaxInputFileBytes = uint64_t{1} << 30;
inline constexpr size_t kMaxInputRows = 10'000'000;
// Of a Mooncake file whose rows have no hash ids, or fit it.
inline constexpr uint32_t kDefaultBlockSize = 512;

enum class TimeUnit { kNanoseconds, kMicroseconds, kMilliseconds, kSeconds };

struct InputFileOptions {
  std::optional<v1::DatasetKind> kind;  // none: detected from the first row
  // none: milliseconds, as AIPerf has it, unless the timestamps are dates.
  std::optional<TimeUnit> time_unit;
  std::optional<uint32_t>
      block_size;  // tokens of one hash id's block, above 0; none: derived from the rows

  // Rows outside of [start, end] are left out: ns of the trace, both ends inclusive. With a start,
  // it becomes t = 0.
  std::optional<int64_t> start_offset_ns;
  std::optional<int64_t> end_offset_ns;
  // The first row that is kept becomes t = 0. Not together with start_offset_ns.
  bool auto_offset = false;
  // Timestamps are divided by it; above 0.
  double speedup = 1;
  // The file's timestamps and delays are left out.
  bool ignore_times = false;
  // Keys of rows to leave out on purpose.
  std::vector<std::string> ignored_keys;

  // Counts the tokens of texts. Not owned; null leaves their lengths 0 (unknown).
  const Tokenizer* tokenizer = nullptr;
};

struct InputFile {
  v1::DatasetKind kind = v1::DATASET_SINGLE_TURN;
  v1::DatasetRows rows;     // at least one, in the order of their timestamps
  uint32_t block_size = 0;  // Mooncake only
  // For people, one line each: type, time unit unless it is ms, block size, rows kept, and what was
  // done to the file.
  std::vector<std::string> notes;
};

// Errors read "path:line: field: found X, expected Y".
absl::StatusOr<InputFile> ReadInputFile(const std::string& path, const InputFileOptions& options);
// The same from bytes; path is for messages.
absl::StatusOr<InputFile> ParseInputFile(absl::string_view path, absl::string_view bytes,
                                         const InputFileOptions& options);

}  // namespace drumfire
