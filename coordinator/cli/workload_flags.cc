#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using enum FlagKind;
using enum FlagSupport;

constexpr FlagSpec kWorkloadFlags[] = {
    {"--isl --synthetic-input-tokens-mean --prompt-input-tokens-mean", "Prompts", kValue,
     kSupported, "TOKENS", "550", "Mean input tokens of a synthetic prompt"},
    {"--isl-stddev --synthetic-input-tokens-stddev --prompt-input-tokens-stddev", "Prompts", kValue,
     kSupported, "TOKENS", "0", "Its standard deviation"},
    {"--osl --output-tokens-mean --prompt-output-tokens-mean", "Prompts", kValue, kSupported,
     "TOKENS", "", "Mean output tokens to request; also for file rows that name none"},
    {"--osl-stddev --output-tokens-stddev --prompt-output-tokens-stddev", "Prompts", kValue,
     kSupported, "TOKENS", "0", "Its standard deviation"},
    {"--num-dataset-entries --num-prompts", "Prompts", kValue, kSupported, "N", "one per request",
     "Number of distinct synthetic prompts; if there are more requests, the prompts repeat in "
     "turn"},
    {"--batch-size --batch-size-text --prompt-batch-size -b", "Prompts", kValue, kSupported, "N",
     "1", "Texts per embeddings request"},
    {"--random-seed", "Prompts", kValue, kSupported, "N", "drawn for each run and printed",
     "Seed of everything: the same seed gives the same requests at the same times"},

    {"--input-file", "Input file", kValue, kSupported, "FILE", "",
     "JSON lines, a JSON array or CSV with prompts or a trace; may be compressed (gzip, zstd)"},
    {"--custom-dataset-type", "Input file", kValue, kSupported, "single_turn|mooncake_trace",
     "detected", "Format of the file"},
    {"--ignore-input-keys", "Input file", kList, kSupported, "KEY...", "",
     "Keys of the file's rows to skip; any other unknown key is an error"},
    {"--timestamp-unit", "Input file", kValue, kSupported, "ms|s|us|ns",
     "ms, unless the timestamps are dates", "Unit of the file's timestamps, whole or fractional"},
    {"--ignore-trace-delays", "Input file", kSwitch, kSupported, "", "off",
     "Ignore the file's timestamps and delays"},
    {"--isl-block-size --synthetic-input-tokens-block-size --prompt-input-tokens-block-size",
     "Input file", kValue, kSupported, "TOKENS", "512", "Tokens per hash id of a trace"},
    {"--fixed-schedule", "Input file", kSwitch, kSupported, "",
     "on if the file has timestamps and no load is given",
     "Send at the file's timestamps; --concurrency is then an upper limit"},
    {"--no-fixed-schedule", "Input file", kSwitch, kSupported, "", "off",
     "Never send at the file's timestamps"},
    {"--fixed-schedule-auto-offset", "Input file", kSwitch, kSupported, "", "off",
     "Shift the first timestamp to 0"},
    {"--fixed-schedule-start-offset", "Input file", kValue, kSupported, "MS", "",
     "Skip rows before this timestamp"},
    {"--fixed-schedule-end-offset", "Input file", kValue, kSupported, "MS", "",
     "Skip rows after this timestamp"},
    {"--synthesis-speedup-ratio", "Input file", kValue, kSupported, "RATIO", "1.0",
     "Speed of the timestamps; 2 = twice as fast"},

    {"--concurrency", "Load", kValue, kSupported, "N", "1 if no other load is given",
     "Requests in flight: a closed loop, or with a rate or a schedule an upper limit"},
    {"--request-rate", "Load", kValue, kSupported, "RATE", "", "Mean requests per second"},
    {"--arrival-pattern --request-rate-mode", "Load", kValue, kSupported,
     "constant|poisson|gamma|concurrency_burst", "poisson",
     "Distribution of the intervals between requests"},
    {"--arrival-smoothness --vllm-burstiness", "Load", kValue, kSupported, "SHAPE", "1.0",
     "Shape of the gamma pattern; 1 = poisson, larger = smoother"},
    {"--request-count --num-requests", "Load", kValue, kSupported, "N",
     "max(10, 2 x concurrency), or the file's rows", "Stop after this many requests"},
    {"--benchmark-duration", "Load", kValue, kSupported, "SECONDS", "",
     "Stop sending after this time"},
    {"--benchmark-grace-period", "Load", kValue, kSupported, "SECONDS|inf", "30",
     "Then wait this long for requests in flight"},
    {"--late", "Load", kValue, kSupported, "catch-up|drop", "catch-up",
     "Send late requests anyway (catch-up), or drop them"},
    {"--late-after", "Load", kValue, kSupported, "SECONDS", "0.001",
     "How late a request must be to count as late under --late drop"},

    {"--warmup-request-count --num-warmup-requests", "Warmup", kValue, kSupported, "N", "",
     "Number of warmup requests, sent before the measured ones and excluded from the results"},
    {"--warmup-duration", "Warmup", kValue, kSupported, "SECONDS", "", "Duration of the warmup"},
    {"--warmup-concurrency", "Warmup", kValue, kSupported, "N", "--concurrency",
     "Requests in flight during the warmup"},
    {"--warmup-request-rate", "Warmup", kValue, kSupported, "RATE", "--request-rate",
     "Request rate of the warmup"},
    {"--warmup-arrival-pattern", "Warmup", kValue, kSupported,
     "constant|poisson|gamma|concurrency_burst", "--arrival-pattern",
     "Arrival pattern of the warmup"},
    {"--warmup-grace-period", "Warmup", kValue, kSupported, "SECONDS|inf", "inf",
     "How long to wait for the warmup's last requests"},
};

}  // namespace

absl::Span<const FlagSpec> WorkloadFlags() { return kWorkloadFlags; }

}  // namespace drumfire
