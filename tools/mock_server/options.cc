#include "tools/mock_server/options.h"

#include <sstream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

namespace drumfire::mock {
namespace {

constexpr int kBadUsage = 2;

// Options whose values are text until they are checked.
struct RawText {
  std::string persona = "openai";
  std::string ttft = "50ms";
  std::string itl = "10ms";
  std::string comment_interval = "0";
  std::string odd_usage;  // empty: drawn
};

void AddAddress(CLI::App* app, MockOptions* options) {
  app->add_option("--host", options->host, "address to listen on, IPv4 or IPv6");
  app->add_option("--port", options->port, "port; 0 (default) chooses a free one")
      ->check(CLI::Range(0, 65535));
  app->add_option("--port-file", options->port_file,
                  "file that receives the port once the server listens");
  CLI::Option* const cert =
      app->add_option("--tls-cert", options->tls_cert, "PEM certificate chain; enables TLS");
  CLI::Option* const key = app->add_option("--tls-key", options->tls_key, "PEM key of --tls-cert");
  cert->needs(key);
  key->needs(cert);
}

void AddResponses(CLI::App* app, MockOptions* options, RawText* raw) {
  app->add_option("--persona", raw->persona,
                  "openai, vllm, llama-server, dynamo, transformers or litellm");
  app->add_option("--model", options->model, "model name in /v1/models and /metrics");
  app->add_flag("--only-this-model", options->only_this_model, "refuse other model names");
  app->add_flag("--refuse-stream-options", options->refuse_stream_options,
                "answer 400 to stream_options");
  app->add_flag(
      "--nagle", options->nagle,
      "leave Nagle's algorithm on, so small segments wait for the client's acknowledgement");
  app->add_option("--comment-interval", raw->comment_interval,
                  "send a ':' line after this much silence in a stream");
}

void AddTiming(CLI::App* app, MockOptions* options, RawText* raw) {
  app->add_option("--ttft", raw->ttft,
                  "time to first token: D, uniform:LOW,HIGH, normal:MEAN,STDDEV, exp:MEAN or "
                  "lognormal:MEAN,STDDEV, with ns, us, ms or s");
  app->add_option("--itl", raw->itl, "time between tokens, same forms");
  app->add_option("--osl", options->osl, "number of tokens if the request sets no limit")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 30));
  app->add_option("--reasoning-tokens", options->reasoning_tokens,
                  "number of leading reasoning tokens")
      ->check(CLI::NonNegativeNumber);
  app->add_option("--tokens-per-event", options->tokens_per_event)->check(CLI::Range(1, 1000));
  app->add_option("--coalesce", options->events_per_write, "events per write")
      ->check(CLI::Range(1, 1 << 20));
  app->add_option("--prefill-tokens-per-second", options->prefill_tokens_per_second,
                  "add prompt tokens / rate to --ttft")
      ->check(CLI::NonNegativeNumber);
  app->add_flag("--prefix-cache", options->prefix_cache,
                "remember prompts; known tokens need no prefill and are reported in usage");
  app->add_option("--concurrency", options->concurrency,
                  "concurrent requests; others queue; 0 = no limit")
      ->check(CLI::NonNegativeNumber);
  app->add_option("--seed", options->seed, "random seed");
  app->add_flag("--spin", options->spin, "busy-wait: precise, uses a whole core");
}

void AddFaults(CLI::App* app, FaultRates* rates, RawText* raw) {
  const auto add = [app](const char* name, double* rate, const char* help) {
    app->add_option(name, *rate, help)->check(CLI::Range(0.0, 100.0));
  };
  add("--error-rate", &rates->error, "percent answered with 429, 500 or 503");
  add("--reset-rate", &rates->reset, "percent whose connection is reset");
  add("--hang-rate", &rates->hang, "percent never answered");
  add("--stall-rate", &rates->stall, "percent of streams that go silent");
  add("--truncate-rate", &rates->truncate, "percent cut short");
  add("--stream-error-rate", &rates->stream_error, "percent with an error event after a 200");
  add("--empty-rate", &rates->empty, "percent without any token");
  add("--finish-error-rate", &rates->finish_error, "percent with finish_reason \"error\"");
  add("--open-body-rate", &rates->open_body, "percent of streams left open after [DONE]");
  add("--unfinished-rate", &rates->unfinished, "percent of streams that stop, but end properly");
  add("--odd-usage-rate", &rates->odd_usage, "percent with malformed usage");
  app->add_option("--odd-usage", raw->odd_usage,
                  "null, text, negative or huge (2^53+1) for all of these; random by default");
}

void AddTruth(CLI::App* app, MockOptions* options) {
  app->add_option("--truth-log", options->truth_log, "file for the truth log (JSON lines)");
  app->add_flag("--body-sha256", options->body_sha256, "add a hash of each body to the truth log");
}

absl::Status Named(absl::string_view flag, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": ", status.message()));
}

absl::Status Convert(const RawText& raw, MockOptions* options) {
  const absl::StatusOr<Persona> persona = ParsePersona(raw.persona);
  if (!persona.ok()) return Named("--persona", persona.status());
  const absl::StatusOr<RandomDuration> ttft = RandomDuration::Parse(raw.ttft);
  if (!ttft.ok()) return Named("--ttft", ttft.status());
  const absl::StatusOr<RandomDuration> itl = RandomDuration::Parse(raw.itl);
  if (!itl.ok()) return Named("--itl", itl.status());
  const absl::StatusOr<int64_t> comments = ParseDurationNs(raw.comment_interval);
  if (!comments.ok()) return Named("--comment-interval", comments.status());
  if (!raw.odd_usage.empty()) {
    const absl::StatusOr<OddUsage> odd_usage = ParseOddUsage(raw.odd_usage);
    if (!odd_usage.ok()) return Named("--odd-usage", odd_usage.status());
    options->odd_usage = *odd_usage;
  }
  if (options->faults.sum() > 100) {
    return absl::InvalidArgumentError("the fault rates add up to more than 100 percent");
  }
  options->persona = *persona;
  options->ttft = *ttft;
  options->itl = *itl;
  options->comment_interval_ns = *comments;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MockOptions> ParseMockOptions(int argc, const char* const* argv, int* exit_code) {
  MockOptions options;
  RawText raw;
  CLI::App app("drumfire-mock: a fake OpenAI-style inference server");
  AddAddress(&app, &options);
  AddResponses(&app, &options, &raw);
  AddTiming(&app, &options, &raw);
  AddFaults(&app, &options.faults, &raw);
  AddTruth(&app, &options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    *exit_code = app.exit(error, text, text) == 0 ? 0 : kBadUsage;
    return absl::InvalidArgumentError(text.str());
  }
  const absl::Status status = Convert(raw, &options);
  if (status.ok()) return options;
  *exit_code = kBadUsage;
  return absl::InvalidArgumentError(absl::StrCat(status.message(), "\n"));
}

}  // namespace drumfire::mock
