// drumfire-floor: runs the floor client once and prints what it cost as a line of JSON. See
// docs/performance.md.
#include <sys/resource.h>

#include <fstream>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/bench/floor_client.h"

namespace {

using drumfire::bench::FloorOptions;
using drumfire::bench::FloorRecord;
using drumfire::bench::FloorResult;

std::string Milliseconds(int64_t ns) {
  return absl::StrFormat("%.6f", static_cast<double>(ns) * 1e-6);
}

// In the form of profile_export.jsonl, as far as tools/bench/truth reads it.
std::string RecordLine(const FloorRecord& record) {
  const std::vector<int64_t>& stamps_ns = record.text_stamps_ns;
  std::vector<std::string> gaps_ms;
  for (size_t i = 1; i < stamps_ns.size(); ++i) {
    gaps_ms.push_back(Milliseconds(stamps_ns[i] - stamps_ns[i - 1]));
  }
  const std::string ttft_ms = Milliseconds(stamps_ns.empty() ? 0 : stamps_ns[0] - record.start_ns);
  return absl::StrCat(
      R"({"metadata":{"x_request_id":")", record.request_id, R"(","request_start_ns":)",
      record.start_ns, R"(},"metrics":{"time_to_first_token":{"value":)", ttft_ms,
      R"(},"inter_chunk_latency":{"value":[)", absl::StrJoin(gaps_ms, ","), "]}}}\n");
}

std::string ResultLine(const FloorResult& result) {
  return absl::StrCat(R"({"requests":)", result.requests, R"(,"chunks":)", result.chunks,
                      R"(,"reads":)", result.reads, R"(,"cpu_us":)",
                      absl::StrFormat("%.0f", result.cpu_us), R"(,"wall_s":)", result.wall_s,
                      R"(,"open_rss_kb":)", result.open_rss_kb, "}\n");
}

void AddOptions(CLI::App* app, FloorOptions* options) {
  app->add_option("--port", options->port, "of the server on 127.0.0.1")->required();
  app->add_option("--connections", options->connections)->check(CLI::PositiveNumber);
  app->add_option("--requests", options->requests)->check(CLI::PositiveNumber);
  app->add_option("--isl", options->prompt_words)->check(CLI::NonNegativeNumber);
  app->add_option("--osl", options->output_tokens)->check(CLI::PositiveNumber);
  app->add_flag("--streaming", options->stream);
}

// One descriptor a connection: take all that we may have.
void RaiseDescriptorLimit() {
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
  FloorOptions options;
  std::string records;
  CLI::App app("drumfire-floor: the cheapest client that does the job");
  AddOptions(&app, &options);
  app.add_option("--records", records, "file for the stamps of every request");
  CLI11_PARSE(app, argc, argv);
  options.keep_records = !records.empty();
  RaiseDescriptorLimit();
  const absl::StatusOr<FloorResult> result = drumfire::bench::RunFloor(options);
  if (!result.ok()) {
    std::cerr << "drumfire-floor: " << result.status().message() << '\n';
    return 1;
  }
  std::ofstream file(records);
  for (const FloorRecord& record : result->records) file << RecordLine(record);
  std::cout << ResultLine(*result);
  return 0;
}
