// The vocabulary of other tools in one table: the parser, docs/flags.md and docs/migrating.md read
// it.
#include "coordinator/cli/habits.h"

namespace drumfire {
namespace {

using enum HabitKind;

constexpr absl::string_view kVllm = "the serving benchmarks of vLLM and SGLang";
constexpr absl::string_view kGenAi = "GenAI-Perf";
constexpr absl::string_view kGuide = "GuideLLM";
constexpr absl::string_view kK6 = "k6";
constexpr absl::string_view kLocust = "Locust";
constexpr absl::string_view kOthers = "hey, wrk and others";

constexpr absl::string_view kSteady = "one steady load per run: --request-rate or --concurrency";
constexpr absl::string_view kStreams = "--streaming, or no --streaming";

constexpr Habit kHabits[] = {
    {kVllm, "--base-url", "VALUE", kSame, "--url"},
    {kVllm, "--host H --port P", "", kElsewhere, "--url http://H:P", "works as typed"},
    {kVllm, "--endpoint /v1/completions", "", kElsewhere, "--endpoint-type completions",
     "works as typed; --endpoint PATH if the path differs from the type's"},
    {kVllm, "--random-input-len", "VALUE", kSame, "--isl"},
    {kVllm, "--random-input", "VALUE", kSame, "--isl"},
    {kVllm, "--input-len", "VALUE", kSame, "--isl"},
    {kVllm, "--random-output-len", "VALUE", kSame, "--osl"},
    {kVllm, "--random-output", "VALUE", kSame, "--osl"},
    {kVllm, "--output-len", "VALUE", kSame, "--osl"},
    {kVllm, "--random-range-ratio R", "", kElsewhere, "--isl-stddev N --osl-stddev N",
     "normal, not uniform, lengths; refused as typed"},
    {kVllm, "--num-prompts N", "", kElsewhere, "--request-count N",
     "works as typed on its own: one request for each of N prompts"},
    {kVllm, "--max-concurrency", "VALUE", kSame, "--concurrency",
     "a closed loop, or with a rate an upper limit"},
    {kVllm, "--request-rate R", "", kElsewhere, "--request-rate R --arrival-pattern poisson"},
    {kVllm, "--goodput ttft:200 tpot:30 e2el:5000", "", kElsewhere,
     "--goodput \"time_to_first_token:200 inter_token_latency:30 request_latency:5000\"",
     "works as typed; milliseconds in both"},
    {kVllm, "--seed", "VALUE", kSame, "--random-seed"},
    {kVllm, "--burstiness", "VALUE", kAdds, "--arrival-pattern gamma --arrival-smoothness VALUE"},
    {kVllm, "--num-warmups", "VALUE", kSame, "--warmup-request-count"},
    {kVllm, "--warmup-requests", "VALUE", kSame, "--warmup-request-count"},
    {kVllm, "--result-dir", "VALUE", kSame, "--artifact-dir"},
    {kVllm, "--ready-check-timeout-sec", "VALUE", kSame, "--wait-for-model-timeout"},
    {kVllm, "--extra-body", "VALUE", kSame, "--extra-inputs"},
    {kVllm, "--extra-request-body", "VALUE", kSame, "--extra-inputs"},
    {kVllm, "--ignore-eos", "", kAdds, "--extra-inputs ignore_eos:true"},
    {kVllm, "--temperature", "VALUE", kAdds, "--extra-inputs temperature:VALUE"},
    {kVllm, "--top-p", "VALUE", kAdds, "--extra-inputs top_p:VALUE"},
    {kVllm, "--top-k", "VALUE", kAdds, "--extra-inputs top_k:VALUE"},
    {kVllm, "--min-p", "VALUE", kAdds, "--extra-inputs min_p:VALUE"},
    {kVllm, "--frequency-penalty", "VALUE", kAdds, "--extra-inputs frequency_penalty:VALUE"},
    {kVllm, "--presence-penalty", "VALUE", kAdds, "--extra-inputs presence_penalty:VALUE"},
    {kVllm, "--repetition-penalty", "VALUE", kAdds, "--extra-inputs repetition_penalty:VALUE"},
    {kVllm, "--disable-tqdm", "", kAdds, "--ui none"},
    {kVllm, "--backend", "openai", kAdds, "--endpoint-type completions --streaming"},
    {kVllm, "--backend", "vllm", kAdds, "--endpoint-type completions --streaming"},
    {kVllm, "--backend", "openai-chat", kAdds, "--endpoint-type chat --streaming",
     "its bench always streams; here streaming is a flag"},
    {kVllm, "--backend", "openai-embeddings", kAdds, "--endpoint-type embeddings"},
    {kVllm, "--dataset-name", "random", kAnyway, "prompts have --isl tokens"},
    {kVllm, "--save-result", "", kAnyway, "results are always saved"},
    {kVllm, "--save-detailed", "", kAnyway, "records of each request are always saved"},
    {kVllm, "--percentile-metrics", "VALUE", kAnyway,
     "percentiles of every metric are in the results"},
    {kVllm, "--metric-percentiles P,...", "", kElsewhere, "",
     "works as typed: every file contains p1 to p99 of all metrics"},
    {kVllm, "--dataset-path", "VALUE", kRefused, "--input-file FILE"},
    {kVllm, "--sharegpt-output-len", "VALUE", kRefused, "--osl N"},
    {kVllm, "--random-prefix-len", "VALUE", kRefused,
     "remove it (a prefix shared by all prompts is not supported yet)"},
    {kVllm, "--served-model-name", "VALUE", kRefused,
     "--model NAME for the server's name, --tokenizer for the model's own"},
    {kVllm, "--lora-modules", "VALUE", kRefused, "--model A,B"},
    {kVllm, "--result-filename", "VALUE", kRefused,
     "--artifact-dir DIR or --profile-export-prefix"},
    {kVllm, "--metadata", "VALUE", kRefused, "remove it; the result contains the whole plan"},
    {kVllm, "--label", "VALUE", kRefused, "--artifact-dir DIR"},
    {kVllm, "--logprobs", "VALUE", kRefused, "--extra-inputs logprobs:N"},
    {kVllm, "--use-beam-search", "", kRefused, "--extra-inputs use_beam_search:true"},
    {kVllm, "--profile", "", kRefused, "remove it (the server's profiler is not supported)"},
    {kVllm, "--disable-stream", "", kRefused, kStreams},
    {kVllm, "--flush-cache", "", kRefused, "remove it (the server's cache is not reset)"},
    {kVllm, "--ramp-up-strategy", "VALUE", kRefused, kSteady},
    {kVllm, "--ramp-up-start-rps", "VALUE", kRefused, kSteady},
    {kVllm, "--ramp-up-end-rps", "VALUE", kRefused, kSteady},

    {kGenAi, "profile -m M", "", kElsewhere, "--model M",
     "most of its flags are AIPerf's, see above"},
    {kGenAi, "--synthetic-input-tokens-mean N", "", kElsewhere, "--isl N", "works as typed"},
    {kGenAi, "--output-tokens-mean N", "", kElsewhere, "--osl N", "works as typed"},
    {kGenAi, "--service-kind", "openai", kAnyway, "the API is always OpenAI's"},
    {kGenAi, "--max-threads", "VALUE", kRefused, "--workers-max N for worker processes, or none"},
    {kGenAi, "--measurement-interval", "VALUE", kRefused, "--benchmark-duration SECONDS",
     "one measured phase instead of windows repeated until stable"},
    {kGenAi, "--stability-percentage", "VALUE", kRefused,
     "--request-count or --benchmark-duration; a run is one measurement"},
    {kGenAi, "--generate-plots", "", kRefused, "remove it (plots are not supported yet)"},
    {kGenAi, "--output-tokens-mean-deterministic", "", kRefused, "--extra-inputs ignore_eos:true"},

    {kGuide, "--target", "VALUE", kSame, "--url"},
    {kGuide, "--max-seconds", "VALUE", kSame, "--benchmark-duration"},
    {kGuide, "--max-requests", "VALUE", kSame, "--request-count"},
    {kGuide, "--rate-type", "VALUE", kRefused,
     "--concurrency N, or --request-rate R --arrival-pattern"},
    {kGuide, "--rate", "VALUE", kRefused, "--request-rate R, or --concurrency N"},
    {kGuide, "--data", "VALUE", kRefused, "--isl and --osl, or --input-file FILE"},

    {kK6, "--vus", "VALUE", kSame, "--concurrency",
     "requests follow each other without a pause, as with sleep(0)"},
    {kK6, "vus: N, constant-vus", "", kElsewhere, "--concurrency N"},
    {kK6, "--iterations", "VALUE", kSame, "--request-count"},
    {kK6, "iterations: N", "", kElsewhere, "--request-count N"},
    {kK6, "--duration", "VALUE", kSame, "--benchmark-duration"},
    {kK6, "duration: \"60s\"", "", kElsewhere, "--benchmark-duration 60s"},
    {kK6, "--rps", "VALUE", kRefused, "--request-rate R"},
    {kK6, "constant-arrival-rate, rate: R", "", kElsewhere,
     "--request-rate R --arrival-pattern constant"},
    {kK6, "maxVUs: N", "", kElsewhere, "--concurrency N",
     "with a rate; *_from_intended metrics include the wait for a slot"},
    {kK6, "gracefulStop: \"30s\"", "", kElsewhere, "--benchmark-grace-period 30s"},
    {kK6, "thresholds: http_req_duration p(99)<500", "", kElsewhere,
     "--fail-if \"request_latency:p99>500\"", "exit code 4; the condition describes the failure"},
    {kK6, "--stage", "VALUE", kRefused, kSteady},
    {kK6, "--stages", "VALUE", kRefused, kSteady},
    {kK6, "stages, ramping-vus, ramping-arrival-rate", "", kElsewhere, "", "not yet"},
    {kK6, "a script's requests", "", kElsewhere, "--input-file F", "rows instead of code"},

    {kLocust, "--users", "VALUE", kSame, "--concurrency", "without wait times"},
    {kLocust, "-u N", "", kElsewhere, "--concurrency N", "-u is --url here"},
    {kLocust, "--run-time", "VALUE", kSame, "--benchmark-duration"},
    {kLocust, "-t", "VALUE", kRefused, "--benchmark-duration SECONDS, or --workers-max N"},
    {kLocust, "-H URL, --host URL", "", kElsewhere, "--url URL",
     "--host URL works as typed; -H is --header here"},
    {kLocust, "--master", "", kRefused,
     "--workers HOST:PORT,... (the coordinator dials the workers)"},
    {kLocust, "--worker", "", kRefused,
     "--workers HOST:PORT,... (the coordinator dials the workers)"},
    {kLocust, "--expect-workers N", "", kElsewhere, "--worker-count N", "works as typed"},
    {kLocust, "--headless", "", kAnyway, "there is no other mode"},
    {kLocust, "-r", "VALUE", kRefused,
     "--request-rate R for requests per second (a spawn rate of users is not supported)"},
    {kLocust, "--spawn-rate", "VALUE", kRefused,
     "--request-rate R for requests per second (a spawn rate of users is not supported)"},

    {kOthers, "-c", "VALUE", kSame, "--concurrency"},
    {kOthers, "--connections", "VALUE", kRefused, "--concurrency N"},
    {kOthers, "-z", "VALUE", kSame, "--benchmark-duration"},
    {kOthers, "-n", "VALUE", kSame, "--request-count"},
    {kOthers, "--requests", "VALUE", kSame, "--request-count"},
    {kOthers, "--max-tokens", "VALUE", kSame, "--osl"},
    {kOthers, "-d", "VALUE", kRefused, "--benchmark-duration SECONDS"},
    {kOthers, "-q", "VALUE", kRefused, "--request-rate R, for the whole run"},
    {kOthers, "--qps", "VALUE", kRefused, "--request-rate R"},
    {kOthers, "--timeout", "VALUE", kRefused, "--request-timeout-seconds SECONDS"},
};

}  // namespace

absl::Span<const Habit> Habits() { return kHabits; }

}  // namespace drumfire
