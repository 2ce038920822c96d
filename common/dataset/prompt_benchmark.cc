// How fast are tokenizer loading, counting and prompt building? Run from a release build:
//   prompt_benchmark [TOKENIZER] [TRACE.jsonl]     (default: builtin, a synthetic trace)
// Prints one line a figure. With a trace, every prompt of it is built once.
#include <chrono>
#include <cstdio>
#include <string>

#include "common/dataset/dataset.h"
#include "common/dataset/input_file.h"
#include "common/tokens/tokenizer.h"
#include "common/tokens/tokenizer_file.h"

namespace drumfire {
namespace {

using SteadyClock = std::chrono::steady_clock;

double SecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

v1::Plan SyntheticPlan() {
  v1::Plan plan;
  plan.mutable_dataset()->set_entries(2000);
  plan.mutable_dataset()->set_isl_mean(12000);
  return plan;
}

absl::StatusOr<v1::Plan> TracePlan(const std::string& path, std::string* rows) {
  const auto start = SteadyClock::now();
  const absl::StatusOr<InputFile> file = ReadInputFile(path, {});
  if (!file.ok()) return file.status();
  std::printf("read trace          %8.3f s\n", SecondsSince(start));
  for (const std::string& note : file->notes) std::printf("  %s\n", note.c_str());
  v1::Plan plan;
  plan.mutable_dataset()->set_kind(file->kind);
  plan.mutable_dataset()->set_entries(file->rows.isl_size());
  plan.mutable_dataset()->set_block_size(file->block_size);
  *rows = file->rows.SerializeAsString();
  return plan;
}

void BuildAll(const Dataset& dataset, const Tokenizer& tokenizer) {
  const auto start = SteadyClock::now();
  uint64_t tokens = 0, bytes = 0;
  std::string text;
  for (uint64_t id = 0; id < dataset.size(); ++id) {
    text.clear();
    dataset.AppendText(id, 0, 0, &text);
    tokens += dataset.Turn(id, 0).isl;
    bytes += text.size();
  }
  const double seconds = SecondsSince(start);
  std::printf("build prompts       %8.3f s, %.1f M tokens, %.1f M tokens/s, %.2f bytes/token\n",
              seconds, tokens / 1e6, tokens / 1e6 / seconds,
              static_cast<double>(bytes) / static_cast<double>(tokens));
  const auto count_start = SteadyClock::now();
  const size_t counted = tokenizer.Count(text);
  std::printf("count last prompt   %8.3f s, %zu tokens, %.1f MB/s\n", SecondsSince(count_start),
              counted, static_cast<double>(text.size()) / 1e6 / SecondsSince(count_start));
}

absl::Status Run(const std::string& tokenizer_path, const std::string& trace_path) {
  auto start = SteadyClock::now();
  const absl::StatusOr<TokenizerFile> file = ReadTokenizerFile(tokenizer_path);
  if (!file.ok()) return file.status();
  const auto tokenizer = MakeTokenizer(file->kind, file->bytes);
  if (!tokenizer.ok()) return tokenizer.status();
  std::printf("load tokenizer      %8.3f s\n", SecondsSince(start));
  std::string rows;
  const auto plan = trace_path.empty() ? SyntheticPlan() : TracePlan(trace_path, &rows);
  if (!plan.ok()) return plan.status();
  start = SteadyClock::now();
  const auto dataset = MakeDataset(*plan, rows, tokenizer->get());
  if (!dataset.ok()) return dataset.status();
  std::printf("make data set       %8.3f s\n", SecondsSince(start));
  BuildAll(**dataset, **tokenizer);
  return absl::OkStatus();
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) {
  const absl::Status status =
      drumfire::Run(argc > 1 ? argv[1] : "builtin", argc > 2 ? argv[2] : "");
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
