#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using enum FlagKind;
using enum FlagSupport;

constexpr FlagSpec kWorkloadFlags[] = {
    {"--isl --synthetic-input-tokens-mean --prompt-input-tokens-mean", "Prompts", kValue,
     kSupported, "TOKENS", "550", "Input tokens of a synthetic prompt, mean"},
    {"--isl-stddev --synthetic-input-tokens-stddev --prompt-input-tokens-stddev", "Prompts", kValue,
     kSupported, "TOKENS", "0", "Its standard deviation"},
    {"--osl --output-tokens-mean --prompt-output-tokens-mean", "Prompts", kValue, kSupported,
     "TOKENS", "", "Output tokens to ask for, mean; for rows of a file that name none, too"},
    {"--osl-stddev --output-tokens-stddev --prompt-output-tokens-stddev", "Prompts", kValue,
     kSupported, "TOKENS", "0", "Its standard deviation"},
    {"--num-dataset-entries --num-prompts", "Prompts", kValue, kSupported, "N",
     "one for each request",
     "Distinct synthetic prompts; fewer than requests: they repeat in turn"},
    {"--batch-size --batch-size-text --prompt-batch-size -b", "Prompts", kValue, kSupported, "N",
     "1", "Texts in one embeddings request"},
    {"--random-seed", "Prompts", kValue, kSupported, "N", "drawn for each run and printed",
     "Seeds everything: same seed, same requests at the same times"},

    {"--input-file", "Input file", kValue, kSupported, "FILE", "",
     "JSON lines with prompts or a trace"},
    {"--custom-dataset-type", "Input file", kValue, kSupported, "single_turn|mooncake_trace",
     "detected", "What the file holds"},
    {"--ignore-input-keys", "Input file", kList, kSupported, "KEY...", "",
     "Keys of the file's rows to leave out; any other key that is not understood is refused"},
    {"--timestamp-unit", "Input file", kValue, kSupported, "ms|s|us|ns",
     "ms, unless the timestamps are dates", "Unit of the file's timestamps, whole or fractional"},
    {"--ignore-trace-delays", "Input file", kSwitch, kSupported, "", "off",
     "Leave out the file's timestamps and delays"},
    {"--isl-block-size --synthetic-input-tokens-block-size --prompt-input-tokens-block-size",
     "Input file", kValue, kSupported, "TOKENS", "512", "Tokens of one hash id of a trace"},
    {"--fixed-schedule", "Input file", kSwitch, kSupported, "",
     "on when the file has timestamps and no load is asked for",
     "Send at the file's timestamps; --concurrency is then a ceiling"},
    {"--no-fixed-schedule", "Input file", kSwitch, kSupported, "", "off",
     "Never send at the file's timestamps"},
    {"--fixed-schedule-auto-offset", "Input file", kSwitch, kSupported, "", "off",
     "Shift the first timestamp to 0"},
    {"--fixed-schedule-start-offset", "Input file", kValue, kSupported, "MS", "",
     "Rows before this timestamp are left out"},
    {"--fixed-schedule-end-offset", "Input file", kValue, kSupported, "MS", "",
     "Rows after this timestamp are left out"},
    {"--synthesis-speedup-ratio", "Input file", kValue, kSupported, "RATIO", "1.0",
     "2 = the timestamps pass twice as fast"},

    {"--concurrency", "Load", kValue, kSupported, "N", "1 when nothing else is asked for",
     "Requests in flight: alone a closed loop, with a rate or a schedule a ceiling"},
    {"--request-rate", "Load", kValue, kSupported, "RATE", "", "Requests per second, mean"},
    {"--arrival-pattern --request-rate-mode", "Load", kValue, kSupported,
     "constant|poisson|gamma|concurrency_burst", "poisson", "How a rate's requests are spread"},
    {"--arrival-smoothness --vllm-burstiness", "Load", kValue, kSupported, "SHAPE", "1.0",
     "Shape of the gamma pattern; 1 = poisson, larger = smoother"},
    {"--request-count --num-requests", "Load", kValue, kSupported, "N",
     "max(10, 2 x concurrency), or the file's rows", "Stop after so many requests"},
    {"--benchmark-duration", "Load", kValue, kSupported, "SECONDS", "",
     "Stop sending after this time"},
    {"--benchmark-grace-period", "Load", kValue, kSupported, "SECONDS|inf", "30",
     "Then wait this long for requests in flight"},
    {"--late", "Load", kValue, kSupported, "catch-up|drop", "catch-up",
     "What happens to a request whose time has passed"},
    {"--late-after", "Load", kValue, kSupported, "SECONDS", "0.001",
     "How late a request must be to count as late under --late drop"},

    {"--warmup-request-count --num-warmup-requests", "Warmup", kValue, kSupported, "N", "",
     "Requests before the measured ones; never part of the results"},
    {"--warmup-duration", "Warmup", kValue, kSupported, "SECONDS", "", "Time of the warmup"},
    {"--warmup-concurrency", "Warmup", kValue, kSupported, "N", "--concurrency",
     "Its requests in flight"},
    {"--warmup-request-rate", "Warmup", kValue, kSupported, "RATE", "--request-rate", "Its rate"},
    {"--warmup-arrival-pattern", "Warmup", kValue, kSupported,
     "constant|poisson|gamma|concurrency_burst", "--arrival-pattern", "Its arrival pattern"},
    {"--warmup-grace-period", "Warmup", kValue, kSupported, "SECONDS|inf", "inf",
     "How long its last requests are waited for"},
};

}  // namespace

absl::Span<const FlagSpec> WorkloadFlags() { return kWorkloadFlags; }

}  // namespace drumfire
