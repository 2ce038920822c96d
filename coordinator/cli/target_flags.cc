#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using enum FlagKind;
using enum FlagSupport;

constexpr FlagSpec kTargetFlags[] = {
    {"--model --model-names -m", "Endpoint", kList, kSupported, "NAME...", "",
     "Model name(s) known to the server; required"},
    {"--model-selection-strategy", "Endpoint", kValue, kSupported, "round_robin|random",
     "round_robin", "How requests choose among several models"},
    {"--url -u", "Endpoint", kList, kSupported, "URL...", "http://localhost:8000",
     "Base URL(s); request k goes to URL k mod N. The default scheme is http"},
    {"--url-strategy", "Endpoint", kValue, kSupported, "round_robin", "round_robin",
     "How requests choose among several URLs"},
    {"--endpoint-type", "Endpoint", kValue, kSupported, "chat|completions|embeddings", "chat",
     "API dialect"},
    {"--endpoint --custom-endpoint", "Endpoint", kValue, kSupported, "PATH", "that of the type",
     "URL path to use instead of the endpoint type's"},
    {"--streaming", "Endpoint", kSwitch, kSupported, "", "off",
     "Request streaming (SSE); never for embeddings"},
    {"--api-key", "Endpoint", kValue, kSupported, "KEY", "",
     "API key, sent as a Bearer token. It is never stored, but other users may briefly see it in "
     "the process list"},
    {"--api-key-file", "Endpoint", kValue, kSupported, "FILE", "",
     "File with the API key on one line"},
    {"--api-key-env", "Endpoint", kValue, kSupported, "VARIABLE", "",
     "Read the API key from this environment variable, for example OPENAI_API_KEY; none is read by "
     "default"},
    {"--header -H", "Endpoint", kList, kSupported, "NAME:VALUE...", "",
     "Additional request headers; values of secret ones are never stored"},
    {"--extra-inputs", "Endpoint", kList, kSupported, "KEY:VALUE|JSON...", "",
     "Fields to merge into every request body"},
    {"--use-legacy-max-tokens", "Endpoint", kSwitch, kSupported, "", "off",
     "Chat: send max_tokens instead of max_completion_tokens"},
    {"--use-server-token-count", "Endpoint", kSwitch, kSupported, "", "off",
     "Use only the server's token counts (usage)"},
    {"--no-stream-usage", "Endpoint", kSwitch, kSupported, "", "off",
     "Do not request stream_options.include_usage"},
    {"--accept-unannounced-end", "Endpoint", kSwitch, kSupported, "", "off",
     "Take a stream that ends without finish_reason, [DONE] or usage for complete, not for failed"},
    {"--wait-for-model-timeout", "Endpoint", kValue, kSupported, "SECONDS", "0",
     "Before the run, wait up to this long until each URL serves each model"},
    {"--wait-for-model-mode", "Endpoint", kValue, kSupported, "inference|models|both", "inference",
     "How to check that: a one-token response, the name in /v1/models, or both"},
    {"--wait-for-model-interval", "Endpoint", kValue, kSupported, "SECONDS", "1",
     "Time between checks"},

    {"--request-timeout-seconds", "Connections", kValue, kSupported, "SECONDS", "21600",
     "Time limit of a whole request; 0 = no limit"},
    {"--connect-timeout", "Connections", kValue, kSupported, "SECONDS", "10",
     "Time limit of a connect, including name look-up and TLS; 0 = no limit"},
    {"--first-byte-timeout", "Connections", kValue, kSupported, "SECONDS", "0",
     "Time limit for the first byte of a response; 0 = no limit"},
    {"--stall-timeout", "Connections", kValue, kSupported, "SECONDS", "0",
     "Time limit between two texts of a stream; 0 = no limit"},
    {"--max-idle", "Connections", kValue, kSupported, "SECONDS", "4",
     "Close connections that were idle for longer instead of reusing them"},
    {"--connection-reuse-strategy", "Connections", kValue, kSupported,
     "pooled|never|sticky-user-sessions", "pooled", "Which requests share connections"},
    {"--ignore-proxy", "Connections", kSwitch, kSupported, "", "off",
     "Connect directly, even if the environment names a proxy (http_proxy, https_proxy, "
     "all_proxy)"},
    {"--quick-ack", "Connections", kSwitch, kSupported, "", "off",
     "Acknowledge received segments at once, so that delayed acknowledgements do not distort the "
     "figures of a server that uses Nagle's algorithm"},
    {"--ca-cert", "Connections", kValue, kSupported, "FILE", "the host's",
     "PEM file of the root certificates to trust for https"},
    {"--insecure", "Connections", kSwitch, kSupported, "", "off",
     "Do not verify the server's certificate"},

    {"--tokenizer", "Tokenizer", kValue, kSupported, "FILE|DIR|ORG/NAME|builtin",
     "the model's, or else builtin",
     "Tokenizer that generates and counts prompts. ORG/NAME is looked up only in the local Hugging "
     "Face cache"},
};

}  // namespace

absl::Span<const FlagSpec> TargetFlags() { return kTargetFlags; }

}  // namespace drumfire
