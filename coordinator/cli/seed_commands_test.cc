// Does every command of the documents people come from run with `drumfire` in place of `aiperf`?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

struct Command {
  const char* flags;
  uint32_t concurrency;
  uint64_t request_count;
};

// {} is replaced by the URL.
const Command kCommands[] = {
    {"--model llama3-8b --streaming --endpoint-type chat --url {} --tokenizer "
     "meta-llama/Llama-3-8B-Instruct "
     "--concurrency 32 --request-count 200 --warmup-request-count 10 --random-seed 42 "
     "--synthetic-input-tokens-mean 550 --output-tokens-mean 256 --ui none --artifact-dir "
     "/results/vllm",
     32, 200},
    {"--model llama3-8b --streaming --endpoint-type chat --url {} --url {} --url {} --concurrency "
     "96 "
     "--request-count 600 --ui simple",
     96, 600},
    {"--model llama3-8b --streaming --endpoint-type chat --url {} --concurrency 96 --request-count "
     "600 --ui simple",
     96, 600},
    {"--model qwen2-7b --streaming --endpoint-type chat --url {} --tokenizer "
     "Qwen/Qwen2-7B-Instruct --concurrency 16 "
     "--request-count 100 --random-seed 42 --synthetic-input-tokens-mean 550 --output-tokens-mean "
     "256 --ui none "
     "--artifact-dir /results/qwen2-7b",
     16, 100},
    {"--model llama3-8b-awq --streaming --endpoint-type chat --url {} --concurrency 32 "
     "--request-count 200 "
     "--random-seed 42 --artifact-dir /results/awq",
     32, 200},
    {"--model Qwen/Qwen3-0.6B --url {} --endpoint-type completions --streaming --concurrency 10 "
     "--request-count 100 "
     "--isl 512 --osl 128 --ui simple",
     10, 100},
    {"--model Qwen/Qwen3-0.6B --url {} --endpoint-type completions --streaming --request-rate 20 "
     "--arrival-pattern poisson --request-count 500 --concurrency 32 --isl 512 --osl 128",
     32, 500},
    {"--model m --url {} --endpoint-type chat --streaming --concurrency 100 --request-count 1000 "
     "--isl 1000 --osl 500",
     100, 1000},
    {"--model m --url {} --endpoint-type chat --streaming --input-file trace.jsonl "
     "--custom-dataset-type "
     "mooncake_trace --fixed-schedule --fixed-schedule-auto-offset --synthesis-speedup-ratio 5.0 "
     "--slice-duration 10",
     0, 3},
    {"--model m --url {} --endpoint-type chat --streaming --input-file trace.jsonl "
     "--custom-dataset-type "
     "mooncake_trace --concurrency 100 --fixed-schedule-auto-offset",
     100, 3},
    {"--model m --url {} --multi-run-count 1 --workers-max 4", 1, 10},
};

std::string WithUrl(std::string command) {
  for (size_t at = 0; (at = command.find("{}")) != std::string::npos;) {
    command.replace(at, 2, "http://127.0.0.1:8000");
  }
  return command;
}

// The documents' readers have the tokenizers that their commands name.
FakeInputs MachineWithTokenizers() {
  FakeInputs inputs = MachineWithFiles();
  for (const char* name : {"meta-llama/Llama-3-8B-Instruct", "Qwen/Qwen2-7B-Instruct"}) {
    inputs.cached_models[name] = name;
    inputs.tokenizers.insert(name);
  }
  return inputs;
}

TEST(SeedCommandsTest, AllBecomePlans) {
  for (const Command& command : kCommands) {
    const std::string flags = WithUrl(command.flags);
    const absl::StatusOr<ProfileRequest> request =
        ParseProfile(Words(flags), MachineWithTokenizers());
    ASSERT_TRUE(request.ok()) << flags << "\n" << request.status();
    EXPECT_EQ(request->plan.phases().rbegin()->concurrency(), command.concurrency) << flags;
    EXPECT_EQ(request->plan.phases().rbegin()->request_count(), command.request_count) << flags;
  }
}

TEST(SeedCommandsTest, GoodputInOneArgument) {
  std::vector<std::string> arguments = Words(
      "--model Qwen/Qwen3-0.6B --url http://localhost:8000 --endpoint-type completions --streaming "
      "--concurrency 10 --request-count 200 --goodput");
  arguments.push_back("request_latency:2000 inter_token_latency:50");
  const absl::StatusOr<ProfileRequest> request = ParseProfile(arguments, FakeInputs());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->plan.report().goodput_size(), 2);
}

// Never one run in silence where three were asked for.
TEST(SeedCommandsTest, SeveralRunsAreRefusedInWords) {
  const absl::StatusOr<ProfileRequest> request =
      ParseProfile(Words("--model llama3-8b --url http://a:1 --multi-run-count 3"), FakeInputs());
  EXPECT_THAT(std::string(request.status().message()), HasSubstr("call drumfire once for each"));
}

}  // namespace
}  // namespace drumfire
