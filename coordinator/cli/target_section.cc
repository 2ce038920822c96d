#include "coordinator/cli/target_section.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/clock/clock.h"
#include "common/dialect/dialect.h"
#include "common/endpoint/request_secrets.h"
#include "common/json/json_text.h"
#include "common/net/url.h"
#include "common/plan/validate_plan.h"
#include "coordinator/cli/api_key.h"
#include "coordinator/cli/extra_inputs.h"
#include "coordinator/cli/headers.h"
#include "coordinator/cli/list_text.h"

namespace drumfire {
namespace {

constexpr absl::string_view kDefaultUrl = "http://localhost:8000";

void ReadUrls(FlagReader* flags, v1::Plan* plan) {
  std::vector<std::string> urls = SplitList(flags->values().List("--url"));
  if (!flags->Has("--url")) urls.emplace_back(kDefaultUrl);
  if (urls.empty()) flags->Fail("--url", "requires at least one URL");
  for (const std::string& url : urls) {
    if (url.find_first_not_of("0123456789") == url.npos) {
      return flags->Fail("--url", Quoted(url), "a URL (for a number of users, use --concurrency)");
    }
    const absl::StatusOr<Url> parsed = ParseUrl(url);
    if (!parsed.ok()) {
      flags->Fail(absl::InvalidArgumentError(
          absl::StrCat(flags->values().Spelled("--url"), ": ", parsed.status().message())));
      return;
    }
    plan->add_urls(absl::StrContains(url, "://") ? url : absl::StrCat("http://", url));
  }
  flags->Enum("--url-strategy", {{"round-robin", 0}}, 0);
}

// Two models instead of one would be an unintended load.
void NoteModels(const v1::Plan& plan, std::vector<std::string>* notes) {
  if (plan.models_size() < 2) return;
  std::vector<std::string> names;
  for (const std::string& model : plan.models()) names.push_back(Quoted(model));
  notes->push_back(
      absl::StrCat(plan.models_size(), " models, ",
                   plan.model_selection() == v1::MODEL_RANDOM ? "drawn at random" : "each in turn",
                   ": ", absl::StrJoin(names, ", "), " (\"\\,\" is a comma within a name)"));
}

void ReadModels(FlagReader* flags, v1::Plan* plan) {
  for (const std::string& model : SplitNames(flags->values().List("--model"))) {
    plan->add_models(model);
  }
  if (plan->models().empty()) flags->Fail("--model", "is required");
  plan->set_model_selection(static_cast<v1::ModelSelection>(
      flags->Enum("--model-selection-strategy",
                  {{"round-robin", v1::MODEL_ROUND_ROBIN}, {"random", v1::MODEL_RANDOM}},
                  v1::MODEL_ROUND_ROBIN)));
}

void AddHeader(v1::Header header, ProfileRequest* request) {
  if (IsSecretHeader(header.name())) {
    *request->secrets.add_headers() = std::move(header);
  } else {
    *request->plan.mutable_endpoint()->add_headers() = std::move(header);
  }
}

void ReadHeaders(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  bool has_authorization = false;
  for (const std::string& text : flags->values().List("--header")) {
    absl::StatusOr<v1::Header> header = ParseHeader(flags->values().Spelled("--header"), text);
    if (!header.ok()) return flags->Fail(header.status());
    has_authorization |= absl::EqualsIgnoreCase(header->name(), "authorization");
    AddHeader(*std::move(header), request);
  }
  const std::optional<ApiKey> key = ReadApiKey(flags, inputs);
  if (!key.has_value()) return;
  if (has_authorization) {
    return flags->Fail(key->flag, "cannot be combined with an Authorization header");
  }
  absl::StatusOr<v1::Header> header =
      ParseHeader(key->flag, absl::StrCat("Authorization: Bearer ", key->key));
  if (!header.ok()) return flags->Fail(key->flag, "contains a control character");
  AddHeader(*std::move(header), request);
}

std::string PathOf(const std::string& text) {
  return text.empty() || text.front() == '/' ? text : absl::StrCat("/", text);
}

// Extra inputs may override our own keys, but never silently.
void CheckReplacedKeys(FlagReader* flags, const std::string& extra, ProfileRequest* request) {
  const bool streaming = request->plan.endpoint().streaming();
  for (const JsonMember& input : JsonMembers(extra)) {
    if (input.key == "stream" && input.value != (streaming ? "true" : "false")) {
      flags->Fail("--extra-inputs",
                  absl::StrCat("cannot set stream:", input.value, "; use --streaming instead"));
    }
    for (absl::string_view ours : {"model", "messages", "prompt", "input"}) {
      if (input.key != ours) continue;
      request->notes.push_back(
          absl::StrCat("--extra-inputs replaces \"", ours, "\" of every request"));
    }
  }
}

// A path that is another dialect's own says which one is meant.
v1::EndpointType ReadType(FlagReader* flags, std::vector<std::string>* notes) {
  const Dialect& usual = *Dialects().front();
  const std::string& path = flags->values().Text("--endpoint");
  const Dialect* of_path = FindDialectByPath(path);
  if (of_path == nullptr) of_path = &usual;
  if (of_path != &usual && !flags->Has("--endpoint-type")) {
    notes->push_back(absl::StrCat(flags->values().Spelled("--endpoint"), " ", path,
                                  ": read as --endpoint-type ", of_path->name, " as well"));
  }
  std::vector<Choice> choices;
  for (const Dialect* dialect : Dialects()) choices.push_back({dialect->name, dialect->type});
  return static_cast<v1::EndpointType>(flags->Enum("--endpoint-type", choices, of_path->type));
}

std::string NamesOfBatchDialects() {
  std::vector<absl::string_view> names;
  for (const Dialect* dialect : Dialects()) {
    if (dialect->takes_batches) names.push_back(dialect->name);
  }
  return absl::StrJoin(names, " or ");
}

void ReadEndpoint(FlagReader* flags, ProfileRequest* request) {
  v1::Endpoint* endpoint = request->plan.mutable_endpoint();
  endpoint->set_type(ReadType(flags, &request->notes));
  const Dialect& dialect = DialectOf(*endpoint);
  endpoint->set_path(PathOf(flags->values().Text("--endpoint")));
  if (endpoint->path().find_first_of(" \r\n\t") != std::string::npos) {
    flags->Fail("--endpoint", Quoted(endpoint->path()), "a path without blanks");
  }
  endpoint->set_streaming(flags->Has("--streaming") && dialect.can_stream());
  if (flags->Has("--streaming") && !dialect.can_stream()) {
    request->notes.push_back(absl::StrCat("--streaming is off: ", dialect.name, " do not stream"));
  }
  endpoint->set_use_legacy_max_tokens(flags->Has("--use-legacy-max-tokens"));
  endpoint->set_omit_stream_usage(flags->Has("--no-stream-usage"));
  endpoint->set_accept_unannounced_end(flags->Has("--accept-unannounced-end"));
  endpoint->set_batch_size(flags->Count("--batch-size", 1, plan_limits::kMaxBatchSize, 1));
  if (endpoint->batch_size() > 1 && !dialect.takes_batches) {
    flags->Fail("--batch-size",
                absl::StrCat("above 1 requires --endpoint-type ", NamesOfBatchDialects()));
  }
  const absl::StatusOr<std::string> extra = ParseExtraInputs(
      flags->values().Spelled("--extra-inputs"), flags->values().List("--extra-inputs"));
  if (!extra.ok()) return flags->Fail(extra.status());
  endpoint->set_extra_inputs_json(*extra);
  CheckReplacedKeys(flags, *extra, request);
}

void ReadCertificates(FlagReader* flags, const ProfileInputs& inputs,
                      v1::Connections* connections) {
  flags->Exclude("--ca-cert", "--insecure");
  connections->set_insecure(flags->Has("--insecure"));
  if (!flags->Has("--ca-cert")) return;
  const std::string& path = flags->values().Text("--ca-cert");
  const absl::StatusOr<std::string> pem = inputs.ReadFile(path);
  if (!pem.ok())
    return flags->Fail("--ca-cert", absl::StrCat("cannot be read: ", pem.status().message()));
  if (!absl::StrContains(*pem, "-----BEGIN CERTIFICATE-----")) {
    return flags->Fail("--ca-cert", absl::StrCat("must be a PEM file; ", Quoted(path),
                                                 " contains no certificate"));
  }
  connections->set_ca_pem(*pem);
}

void ReadConnections(FlagReader* flags, v1::Connections* connections) {
  const auto seconds = [&](absl::string_view flag, int64_t fallback_s) {
    return flags->TimeNs(flag, kNsPerSecond, 0, fallback_s * kNsPerSecond);
  };
  connections->set_request_timeout_ns(seconds("--request-timeout-seconds", 21'600));
  connections->set_connect_timeout_ns(seconds("--connect-timeout", 10));
  connections->set_first_byte_timeout_ns(seconds("--first-byte-timeout", 0));
  connections->set_stall_timeout_ns(seconds("--stall-timeout", 0));
  connections->set_max_idle_ns(seconds("--max-idle", 4));
  connections->set_quick_ack(flags->Has("--quick-ack"));
  connections->set_ignore_environment_proxy(flags->Has("--ignore-proxy"));
  connections->set_reuse(static_cast<v1::ConnectionReuse>(
      flags->Enum("--connection-reuse-strategy",
                  {{"pooled", v1::REUSE_POOLED},
                   {"never", v1::REUSE_NEVER},
                   {"sticky-user-sessions", v1::REUSE_STICKY_USER_SESSIONS}},
                  v1::REUSE_POOLED)));
}

void ReadWait(FlagReader* flags, ModelWait* wait) {
  constexpr int64_t kDefaultIntervalNs = kNsPerSecond;
  for (absl::string_view flag : {"--wait-for-model-mode", "--wait-for-model-interval"}) {
    flags->Require(flag, "--wait-for-model-timeout");
  }
  wait->timeout_ns = flags->TimeNs("--wait-for-model-timeout", kNsPerSecond, 0, 0);
  wait->mode =
      static_cast<WaitMode>(flags->Enum("--wait-for-model-mode",
                                        {{"inference", static_cast<int>(WaitMode::kInference)},
                                         {"models", static_cast<int>(WaitMode::kModels)},
                                         {"both", static_cast<int>(WaitMode::kBoth)}},
                                        static_cast<int>(WaitMode::kInference)));
  wait->interval_ns =
      flags->TimeNs("--wait-for-model-interval", kNsPerSecond, kNsPerMs, kDefaultIntervalNs);
}

}  // namespace

void ReadTargetSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  ReadModels(flags, &request->plan);
  NoteModels(request->plan, &request->notes);
  ReadUrls(flags, &request->plan);
  ReadEndpoint(flags, request);
  MoveSecretQueries(&request->plan, &request->secrets);
  ReadHeaders(flags, inputs, request);
  ReadConnections(flags, request->plan.mutable_connections());
  ReadCertificates(flags, inputs, request->plan.mutable_connections());
  ReadWait(flags, &request->wait);
}

}  // namespace drumfire
