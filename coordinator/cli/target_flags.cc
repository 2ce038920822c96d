#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using enum FlagKind;
using enum FlagSupport;

constexpr FlagSpec kTargetFlags[] = {
    {"--model --model-names -m", "Endpoint", kList, kSupported, "NAME...", "",
     "Model name(s) as the server knows them; required"},
    {"--model-selection-strategy", "Endpoint", kValue, kSupported, "round_robin|random",
     "round_robin", "Which model a request asks for, when there are several"},
    {"--url -u", "Endpoint", kList, kSupported, "URL...", "http://localhost:8000",
     "Base URL(s); request k goes to URL k mod N. Without a scheme: http"},
    {"--url-strategy", "Endpoint", kValue, kSupported, "round_robin", "round_robin",
     "How requests are spread over several URLs"},
    {"--endpoint-type", "Endpoint", kValue, kSupported, "chat|completions|embeddings", "chat",
     "API dialect"},
    {"--endpoint --custom-endpoint", "Endpoint", kValue, kSupported, "PATH", "of the type",
     "Path of the URL in place of the type's own"},
    {"--streaming", "Endpoint", kSwitch, kSupported, "", "off",
     "Ask for a stream (SSE); off for embeddings always"},
    {"--api-key", "Endpoint", kValue, kSupported, "KEY", "",
     "Sent as a Bearer token; never written down, but other users may see it in the process list "
     "for a moment"},
    {"--api-key-file", "Endpoint", kValue, kSupported, "FILE", "",
     "File with the API key on one line"},
    {"--api-key-env", "Endpoint", kValue, kSupported, "VARIABLE", "",
     "Read the API key from this environment variable, for example OPENAI_API_KEY; none is read by "
     "default"},
    {"--header -H", "Endpoint", kList, kSupported, "NAME:VALUE...", "",
     "Further request headers; values of secret ones are never written down"},
    {"--extra-inputs", "Endpoint", kList, kSupported, "KEY:VALUE|JSON...", "",
     "Merged into every request body"},
    {"--use-legacy-max-tokens", "Endpoint", kSwitch, kSupported, "", "off",
     "Chat: send max_tokens in place of max_completion_tokens"},
    {"--use-server-token-count", "Endpoint", kSwitch, kSupported, "", "off",
     "Take token counts from the server's usage only"},
    {"--no-stream-usage", "Endpoint", kSwitch, kSupported, "", "off",
     "Do not ask for stream_options.include_usage"},
    {"--wait-for-model-timeout", "Endpoint", kValue, kSupported, "SECONDS", "0",
     "Before the run, wait up to this long until each URL serves each model"},
    {"--wait-for-model-mode", "Endpoint", kValue, kSupported, "inference|models|both", "inference",
     "What shows that: an answer of one token, the name in /v1/models, or both"},
    {"--wait-for-model-interval", "Endpoint", kValue, kSupported, "SECONDS", "1",
     "Time between two questions"},

    {"--request-timeout-seconds", "Connections", kValue, kSupported, "SECONDS", "21600",
     "Longest whole request; 0 = no limit"},
    {"--connect-timeout", "Connections", kValue, kSupported, "SECONDS", "10",
     "Longest connect, with name look-up and TLS; 0 = no limit"},
    {"--first-byte-timeout", "Connections", kValue, kSupported, "SECONDS", "0",
     "Longest wait for the first byte of a response; 0 = no limit"},
    {"--stall-timeout", "Connections", kValue, kSupported, "SECONDS", "0",
     "Longest silence of the model within a stream; 0 = no limit"},
    {"--max-idle", "Connections", kValue, kSupported, "SECONDS", "4",
     "A connection idle for longer is closed, not used again"},
    {"--connection-reuse-strategy", "Connections", kValue, kSupported,
     "pooled|never|sticky-user-sessions", "pooled", "Which requests share connections"},
    {"--ignore-proxy", "Connections", kSwitch, kSupported, "", "off",
     "Connect directly although the environment names a proxy (http_proxy, https_proxy, "
     "all_proxy)"},
    {"--quick-ack", "Connections", kSwitch, kSupported, "", "off",
     "Acknowledge received segments at once: the figures of a server that leaves Nagle's algorithm "
     "on are then its own"},
    {"--ca-cert", "Connections", kValue, kSupported, "FILE", "the host's",
     "PEM file of the roots to trust for https"},
    {"--insecure", "Connections", kSwitch, kSupported, "", "off",
     "Do not verify the server's certificate"},

    {"--tokenizer", "Tokenizer", kValue, kSupported, "FILE|FOLDER|ORG/NAME|builtin",
     "the model's, else builtin",
     "Counts and makes prompts. ORG/NAME is looked up in the local Hugging Face cache only"},
};

}  // namespace

absl::Span<const FlagSpec> TargetFlags() { return kTargetFlags; }

}  // namespace drumfire
