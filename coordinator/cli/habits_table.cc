// The vocabulary of other tools in one table.
#include "coordinator/cli/habits.h"

namespace drumfire {
namespace {

using enum HabitKind;

constexpr absl::string_view kSteady = "one steady load per run: --request-rate or --concurrency";
constexpr absl::string_view kStreams = "--streaming, or no --streaming";

constexpr Habit kHabits[] = {
    // vLLM's and SGLang's serving benchmarks.
    {"--base-url", "VALUE", kSame, "--url"},
    {"--random-input-len", "VALUE", kSame, "--isl"},
    {"--random-input", "VALUE", kSame, "--isl"},
    {"--input-len", "VALUE", kSame, "--isl"},
    {"--random-output-len", "VALUE", kSame, "--osl"},
    {"--random-output", "VALUE", kSame, "--osl"},
    {"--output-len", "VALUE", kSame, "--osl"},
    {"--max-concurrency", "VALUE", kSame, "--concurrency"},
    {"--seed", "VALUE", kSame, "--random-seed"},
    {"--burstiness", "VALUE", kAdds, "--arrival-pattern gamma --arrival-smoothness VALUE"},
    {"--num-warmups", "VALUE", kSame, "--warmup-request-count"},
    {"--warmup-requests", "VALUE", kSame, "--warmup-request-count"},
    {"--result-dir", "VALUE", kSame, "--artifact-dir"},
    {"--ready-check-timeout-sec", "VALUE", kSame, "--wait-for-model-timeout"},
    {"--extra-body", "VALUE", kSame, "--extra-inputs"},
    {"--extra-request-body", "VALUE", kSame, "--extra-inputs"},
    {"--ignore-eos", "", kAdds, "--extra-inputs ignore_eos:true"},
    {"--temperature", "VALUE", kAdds, "--extra-inputs temperature:VALUE"},
    {"--top-p", "VALUE", kAdds, "--extra-inputs top_p:VALUE"},
    {"--top-k", "VALUE", kAdds, "--extra-inputs top_k:VALUE"},
    {"--min-p", "VALUE", kAdds, "--extra-inputs min_p:VALUE"},
    {"--frequency-penalty", "VALUE", kAdds, "--extra-inputs frequency_penalty:VALUE"},
    {"--presence-penalty", "VALUE", kAdds, "--extra-inputs presence_penalty:VALUE"},
    {"--repetition-penalty", "VALUE", kAdds, "--extra-inputs repetition_penalty:VALUE"},
    {"--disable-tqdm", "", kAdds, "--ui none"},
    {"--backend", "openai", kAdds, "--endpoint-type completions --streaming"},
    {"--backend", "vllm", kAdds, "--endpoint-type completions --streaming"},
    {"--backend", "openai-chat", kAdds, "--endpoint-type chat --streaming"},
    {"--backend", "openai-embeddings", kAdds, "--endpoint-type embeddings"},
    {"--dataset-name", "random", kAnyway, "prompts of --isl tokens are made"},
    {"--save-result", "", kAnyway, "results are always saved"},
    {"--save-detailed", "", kAnyway, "records of single requests are always saved"},
    {"--percentile-metrics", "VALUE", kAnyway, "percentiles of every metric are in the results"},
    {"--dataset-path", "VALUE", kRefused, "--input-file FILE"},
    {"--sharegpt-output-len", "VALUE", kRefused, "--osl N"},
    {"--random-prefix-len", "VALUE", kRefused,
     "the command without it (a prefix that all prompts share is not supported yet)"},
    {"--served-model-name", "VALUE", kRefused,
     "--model NAME for the server's name, --tokenizer for the model's own"},
    {"--lora-modules", "VALUE", kRefused, "--model A,B"},
    {"--result-filename", "VALUE", kRefused, "--artifact-dir FOLDER or --profile-export-prefix"},
    {"--metadata", "VALUE", kRefused, "the command without it; the result holds the whole plan"},
    {"--label", "VALUE", kRefused, "--artifact-dir FOLDER"},
    {"--logprobs", "VALUE", kRefused, "--extra-inputs logprobs:N"},
    {"--use-beam-search", "", kRefused, "--extra-inputs use_beam_search:true"},
    {"--profile", "", kRefused, "the command without it (the server's profiler is not driven)"},
    {"--disable-stream", "", kRefused, kStreams},
    {"--flush-cache", "", kRefused, "the command without it (the server's cache is not reset)"},
    {"--ramp-up-strategy", "VALUE", kRefused, kSteady},
    {"--ramp-up-start-rps", "VALUE", kRefused, kSteady},
    {"--ramp-up-end-rps", "VALUE", kRefused, kSteady},

    // GenAI-Perf.
    {"--service-kind", "openai", kAnyway, "the OpenAI API is spoken"},
    {"--max-threads", "VALUE", kRefused, "--workers-max N for worker processes, or none"},
    {"--measurement-interval", "VALUE", kRefused, "--benchmark-duration SECONDS"},
    {"--stability-percentage", "VALUE", kRefused,
     "--request-count or --benchmark-duration; a run is one measurement"},
    {"--generate-plots", "", kRefused, "the command without it (no plots are made yet)"},
    {"--output-tokens-mean-deterministic", "", kRefused, "--extra-inputs ignore_eos:true"},

    // GuideLLM.
    {"--target", "VALUE", kSame, "--url"},
    {"--max-seconds", "VALUE", kSame, "--benchmark-duration"},
    {"--max-requests", "VALUE", kSame, "--request-count"},
    {"--rate-type", "VALUE", kRefused, "--concurrency N, or --request-rate R --arrival-pattern"},
    {"--rate", "VALUE", kRefused, "--request-rate R, or --concurrency N"},
    {"--data", "VALUE", kRefused, "--isl and --osl, or --input-file FILE"},

    // k6, locust, hey, wrk.
    {"--vus", "VALUE", kSame, "--concurrency"},
    {"--users", "VALUE", kSame, "--concurrency"},
    {"-c", "VALUE", kSame, "--concurrency"},
    {"--connections", "VALUE", kRefused, "--concurrency N"},
    {"--duration", "VALUE", kSame, "--benchmark-duration"},
    {"--run-time", "VALUE", kSame, "--benchmark-duration"},
    {"-z", "VALUE", kSame, "--benchmark-duration"},
    {"--iterations", "VALUE", kSame, "--request-count"},
    {"-n", "VALUE", kSame, "--request-count"},
    {"--requests", "VALUE", kSame, "--request-count"},
    {"--max-tokens", "VALUE", kSame, "--osl"},
    {"-d", "VALUE", kRefused, "--benchmark-duration SECONDS"},
    {"-t", "VALUE", kRefused, "--benchmark-duration SECONDS, or --workers-max N"},
    {"-q", "VALUE", kRefused, "--request-rate R, for the whole run"},
    {"-r", "VALUE", kRefused,
     "--request-rate R for requests per second (users that start one by one are not supported)"},
    {"--spawn-rate", "VALUE", kRefused,
     "--request-rate R for requests per second (users that start one by one are not supported)"},
    {"--rps", "VALUE", kRefused, "--request-rate R"},
    {"--qps", "VALUE", kRefused, "--request-rate R"},
    {"--stage", "VALUE", kRefused, kSteady},
    {"--stages", "VALUE", kRefused, kSteady},
    {"--timeout", "VALUE", kRefused, "--request-timeout-seconds SECONDS"},
};

}  // namespace

absl::Span<const Habit> Habits() { return kHabits; }

}  // namespace drumfire
