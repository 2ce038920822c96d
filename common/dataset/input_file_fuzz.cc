// Any bytes as an input file: one line that says what is wrong, or rows that are whole. First byte
// of the input: the options.
#include <cstdint>
#include <cstdlib>

#include "absl/strings/match.h"
#include "common/dataset/input_file.h"

namespace drumfire {
namespace {

InputFileOptions OptionsOf(uint8_t bits) {
  InputFileOptions options;
  if ((bits & 1) != 0) options.kind = v1::DATASET_SINGLE_TURN;
  if ((bits & 2) != 0) options.kind = v1::DATASET_MOONCAKE;
  if ((bits & 4) != 0) options.auto_offset = true;
  if ((bits & 12) == 8) options.start_offset_ns = 1'000'000'000;
  if ((bits & 16) != 0) options.end_offset_ns = 5'000'000'000;
  if ((bits & 32) != 0) options.block_size = 16;
  if ((bits & 64) != 0) options.speedup = 60;
  if ((bits & 128) != 0) options.time_unit = TimeUnit::kSeconds;
  if ((bits & 192) == 192) options.ignored_keys = {"image", "delay"};
  if ((bits & 160) == 160) options.ignore_times = true;
  return options;
}

void Read(absl::string_view bytes, const InputFileOptions& options) {
  const absl::StatusOr<InputFile> file = ParseInputFile("trace.jsonl", bytes, options);
  if (file.ok()) return;
  const absl::string_view message = file.status().message();
  if (message.empty() || absl::StrContains(message, "\n")) std::abort();
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  drumfire::Read(absl::string_view(reinterpret_cast<const char*>(data + 1), size - 1),
                 drumfire::OptionsOf(data[0]));
  return 0;
}
