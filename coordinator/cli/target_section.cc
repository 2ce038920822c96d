#include "coordinator/cli/target_section.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
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
  if (urls.empty()) flags->Fail("--url", "no URL", "at least one");
  for (const std::string& url : urls) {
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

void ReadModels(FlagReader* flags, v1::Plan* plan) {
  for (const std::string& model : SplitList(flags->values().List("--model"))) {
    plan->add_models(model);
  }
  if (plan->models().empty()) flags->Fail("--model", "nothing", "the name of the model to ask for");
  plan->set_model_selection(static_cast<v1::ModelSelection>(
      flags->Enum("--model-selection-strategy",
                  {{"round-robin", v1::MODEL_ROUND_ROBIN}, {"random", v1::MODEL_RANDOM}},
                  v1::MODEL_ROUND_ROBIN)));
}

void AddHeader(v1::Header header, ProfileRequest* request) {
  if (IsSecretHeader(header.name())) {
    *request->secret_headers.Add() = std::move(header);
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
    return flags->Fail(key->flag, "it together with an Authorization header",
                       "only one of the two");
  }
  absl::StatusOr<v1::Header> header =
      ParseHeader(key->flag, absl::StrCat("Authorization: Bearer ", key->key));
  if (!header.ok()) return flags->Fail(key->flag, "a control character", "a key of one line");
  AddHeader(*std::move(header), request);
}

std::string PathOf(const std::string& text) {
  return text.empty() || text.front() == '/' ? text : absl::StrCat("/", text);
}

void ReadEndpoint(FlagReader* flags, ProfileRequest* request) {
  v1::Endpoint* endpoint = request->plan.mutable_endpoint();
  endpoint->set_type(
      static_cast<v1::EndpointType>(flags->Enum("--endpoint-type",
                                                {{"chat", v1::ENDPOINT_CHAT},
                                                 {"completions", v1::ENDPOINT_COMPLETIONS},
                                                 {"embeddings", v1::ENDPOINT_EMBEDDINGS}},
                                                v1::ENDPOINT_CHAT)));
  const bool embeddings = endpoint->type() == v1::ENDPOINT_EMBEDDINGS;
  endpoint->set_path(PathOf(flags->values().Text("--endpoint")));
  if (endpoint->path().find_first_of(" \r\n\t") != std::string::npos) {
    flags->Fail("--endpoint", Quoted(endpoint->path()), "a path without blanks");
  }
  endpoint->set_streaming(flags->Has("--streaming") && !embeddings);
  if (flags->Has("--streaming") && embeddings) {
    request->notes.push_back("--streaming is off: embeddings do not stream");
  }
  endpoint->set_use_legacy_max_tokens(flags->Has("--use-legacy-max-tokens"));
  endpoint->set_omit_stream_usage(flags->Has("--no-stream-usage"));
  endpoint->set_batch_size(flags->Count("--batch-size", 1, plan_limits::kMaxBatchSize, 1));
  if (endpoint->batch_size() > 1 && !embeddings) {
    flags->Fail("--batch-size", absl::StrCat(endpoint->batch_size(), " without embeddings"),
                "--endpoint-type embeddings");
  }
  const absl::StatusOr<std::string> extra = ParseExtraInputs(
      flags->values().Spelled("--extra-inputs"), flags->values().List("--extra-inputs"));
  if (!extra.ok()) return flags->Fail(extra.status());
  endpoint->set_extra_inputs_json(*extra);
}

void ReadCertificates(FlagReader* flags, const ProfileInputs& inputs,
                      v1::Connections* connections) {
  flags->Exclude("--ca-cert", "--insecure");
  connections->set_insecure(flags->Has("--insecure"));
  if (!flags->Has("--ca-cert")) return;
  const std::string& path = flags->values().Text("--ca-cert");
  const absl::StatusOr<std::string> pem = inputs.ReadFile(path);
  if (!pem.ok()) return flags->Fail("--ca-cert", pem.status().message(), "a PEM file");
  if (!absl::StrContains(*pem, "-----BEGIN CERTIFICATE-----")) {
    return flags->Fail("--ca-cert", absl::StrCat("no certificate in ", Quoted(path)), "a PEM file");
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

}  // namespace

void ReadTargetSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  ReadModels(flags, &request->plan);
  ReadUrls(flags, &request->plan);
  ReadEndpoint(flags, request);
  ReadHeaders(flags, inputs, request);
  ReadConnections(flags, request->plan.mutable_connections());
  ReadCertificates(flags, inputs, request->plan.mutable_connections());
  request->wait_for_model_ns = flags->TimeNs("--wait-for-model-timeout", kNsPerSecond, 0, 0);
}

}  // namespace drumfire
