// What users of other load testers type, and what says it here.
#include "coordinator/cli/migrating.h"

namespace drumfire {
namespace {

constexpr absl::string_view kVllm = "vllm bench serve";
constexpr absl::string_view kGenAi = "GenAI-Perf";
constexpr absl::string_view kK6 = "k6";
constexpr absl::string_view kLocust = "Locust";

constexpr Migration kMigrations[] = {
    {kVllm, "--base-url URL, --host H --port P", "--url URL", ""},
    {kVllm, "--endpoint /v1/completions", "--endpoint-type completions",
     "--endpoint PATH where the path differs from the type's"},
    {kVllm, "--backend openai-chat", "--endpoint-type chat --streaming",
     "its bench always streams; here streaming is asked for"},
    {kVllm, "--dataset-name random --random-input-len N", "--isl N", ""},
    {kVllm, "--random-output-len N", "--osl N", ""},
    {kVllm, "--random-range-ratio R", "--isl-stddev N --osl-stddev N",
     "normal, not uniform, lengths"},
    {kVllm, "--num-prompts N", "--request-count N",
     "--num-prompts N alone is understood as well: one request for each of N prompts"},
    {kVllm, "--max-concurrency N", "--concurrency N", "alone a closed loop, with a rate a ceiling"},
    {kVllm, "--request-rate R", "--request-rate R --arrival-pattern poisson", ""},
    {kVllm, "--burstiness B", "--arrival-pattern gamma --arrival-smoothness B", ""},
    {kVllm, "--goodput ttft:200 tpot:30 e2el:5000",
     "--goodput \"time_to_first_token:200 inter_token_latency:30 request_latency:5000\"",
     "milliseconds in both; the short names are understood as well"},
    {kVllm, "--ignore-eos", "--extra-inputs ignore_eos:true", ""},
    {kVllm, "--seed N", "--random-seed N", ""},
    {kVllm, "--save-result --result-dir D", "--artifact-dir D", "results are always written"},
    {kVllm, "--percentile-metrics, --metric-percentiles", "",
     "not needed: every file has p1 to p99 of all metrics"},
    {kVllm, "--dataset-name sharegpt --dataset-path F", "--input-file F",
     "rows as in docs/inputs.md; single turns only"},
    {kVllm, "--ramp-up-strategy", "", "not yet"},

    {kGenAi, "profile -m M", "--model M", "most of its flags are AIPerf's, see above"},
    {kGenAi, "--synthetic-input-tokens-mean N", "--synthetic-input-tokens-mean N", ""},
    {kGenAi, "--output-tokens-mean N", "--output-tokens-mean N", ""},
    {kGenAi, "--measurement-interval MS", "--benchmark-duration SECONDS",
     "one measured phase, not windows that are repeated until they are stable"},
    {kGenAi, "--stability-percentage", "", "not there: a run has one measured phase"},
    {kGenAi, "--service-kind triton", "", "not there: OpenAI's dialects only"},

    {kK6, "vus: N, constant-vus", "--concurrency N",
     "requests follow each other without a pause, as with sleep(0)"},
    {kK6, "iterations: N", "--request-count N", ""},
    {kK6, "duration: \"60s\"", "--benchmark-duration 60s", ""},
    {kK6, "constant-arrival-rate, rate: R", "--request-rate R --arrival-pattern constant", ""},
    {kK6, "maxVUs: N", "--concurrency N",
     "with a rate; requests that wait for a slot are charged for it in *_from_intended"},
    {kK6, "gracefulStop: \"30s\"", "--benchmark-grace-period 30s", ""},
    {kK6, "thresholds: http_req_duration p(99)<500", "--fail-if \"request_latency:p99>500\"",
     "exit code 4; the condition is that of a failure"},
    {kK6, "stages, ramping-vus, ramping-arrival-rate", "", "not yet"},
    {kK6, "a script's requests", "--input-file F", "rows in place of code"},

    {kLocust, "-u N, --users N", "--concurrency N", "without wait times"},
    {kLocust, "-t TIME, --run-time TIME", "--benchmark-duration TIME", ""},
    {kLocust, "-H URL, --host URL", "--url URL", ""},
    {kLocust, "--master, --worker", "--workers HOST:PORT,...",
     "the coordinator dials the workers, not they it (docs/fleet.md)"},
    {kLocust, "--expect-workers N", "--worker-count N", ""},
    {kLocust, "--headless", "", "not needed: there is no other way"},
    {kLocust, "-r RATE, --spawn-rate RATE", "", "not yet: all slots open at once"},
};

}  // namespace

absl::Span<const Migration> Migrations() { return kMigrations; }

}  // namespace drumfire
