#include "common/plan/validate_plan.h"

#include "absl/strings/match.h"
#include "common/dialect/dialect.h"
#include "common/plan/blob.h"
#include "common/plan/check.h"
#include "common/plan/conversations.h"
#include "common/plan/validate_phases.h"
#include "common/plan/validate_work.h"
#include "common/plan/version.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

using plan_check::FirstError;
using plan_check::InRange;
using plan_check::OneLine;
using plan_check::TimeOrNone;
using plan_check::Wrong;

absl::Status Prefixed(absl::string_view prefix, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat(prefix, status.message()));
}

absl::Status Version(const v1::Plan& plan) {
  if (plan.protocol_version() == kProtocolVersion) return absl::OkStatus();
  return Wrong("protocol_version", plan.protocol_version(), kProtocolVersion);
}

absl::Status Urls(const v1::Plan& plan) {
  DRUMFIRE_RETURN_IF_ERROR(InRange("urls", plan.urls_size(), 1, plan_limits::kMaxUrls));
  for (const std::string& url : plan.urls()) {
    if (!absl::StartsWith(url, "http://") && !absl::StartsWith(url, "https://")) {
      return Wrong("urls", absl::StrCat("\"", url.substr(0, 200), "\""), "http:// or https://");
    }
    DRUMFIRE_RETURN_IF_ERROR(OneLine("urls", url));
  }
  return absl::OkStatus();
}

absl::Status Models(const v1::Plan& plan) {
  if (!v1::ModelSelection_IsValid(plan.model_selection())) {
    return Wrong("model_selection", plan.model_selection(), "a known one");
  }
  DRUMFIRE_RETURN_IF_ERROR(InRange("models", plan.models_size(), 1, plan_limits::kMaxModels));
  for (const std::string& model : plan.models()) {
    if (model.empty()) return Wrong("models", "an empty name", "a model's name");
    DRUMFIRE_RETURN_IF_ERROR(OneLine("models", model));
  }
  return absl::OkStatus();
}

absl::Status Headers(const v1::Endpoint& endpoint) {
  DRUMFIRE_RETURN_IF_ERROR(
      InRange("endpoint.headers", endpoint.headers_size(), 0, plan_limits::kMaxHeaders));
  for (const v1::Header& header : endpoint.headers()) {
    if (header.name().empty()) return Wrong("endpoint.headers", "an empty name", "a header name");
    DRUMFIRE_RETURN_IF_ERROR(FirstError(
        {OneLine("endpoint.headers", header.name()), OneLine("endpoint.headers", header.value())}));
  }
  return absl::OkStatus();
}

absl::Status EndpointOf(const v1::Endpoint& endpoint) {
  const Dialect* dialect = FindDialect(endpoint.type());
  if (dialect == nullptr) return Wrong("endpoint.type", endpoint.type(), "a known type");
  if (endpoint.streaming() && !dialect->can_stream()) {
    return Wrong("endpoint.streaming", absl::StrCat("streaming ", dialect->name), "no streaming");
  }
  if (endpoint.extra_inputs_json().size() > plan_limits::kMaxTextBytes) {
    return Wrong("endpoint.extra_inputs_json",
                 absl::StrCat(endpoint.extra_inputs_json().size(), " bytes"),
                 absl::StrCat("at most ", plan_limits::kMaxTextBytes));
  }
  return FirstError(
      {OneLine("endpoint.path", endpoint.path()), Headers(endpoint),
       InRange("endpoint.batch_size", endpoint.batch_size(), 1U, plan_limits::kMaxBatchSize)});
}

absl::Status TokenizerOf(const v1::Plan& plan) {
  const v1::Tokenizer& tokenizer = plan.tokenizer();
  if (!v1::TokenizerKind_IsValid(tokenizer.kind())) {
    return Wrong("tokenizer.kind", tokenizer.kind(), "a known kind");
  }
  DRUMFIRE_RETURN_IF_ERROR(Prefixed("tokenizer.file: ", ValidateBlob(tokenizer.file())));
  if (tokenizer.file().size_bytes() > plan_limits::kMaxTokenizerBytes) {
    return Wrong("tokenizer.file", absl::StrCat(tokenizer.file().size_bytes(), " bytes"),
                 absl::StrCat("at most ", plan_limits::kMaxTokenizerBytes));
  }
  if (tokenizer.kind() == v1::TOKENIZER_NONE) {
    // Only texts that come with their lengths can do without.
    return plan.dataset().kind() == v1::DATASET_SINGLE_TURN
               ? absl::OkStatus()
               : Wrong("tokenizer.kind", "none", "a tokenizer: prompts are made from tokens");
  }
  return tokenizer.file().size_bytes() == 0 ? Wrong("tokenizer.file", "no bytes", "a file")
                                            : absl::OkStatus();
}

absl::Status Lengths(const v1::Dataset& dataset) {
  if (dataset.kind() != v1::DATASET_SYNTHETIC) return absl::OkStatus();
  const double limit = plan_limits::kMaxSequenceTokens;
  return FirstError({InRange("dataset.isl_mean", dataset.isl_mean(), 1.0, limit),
                     InRange("dataset.isl_stddev", dataset.isl_stddev(), 0.0, limit),
                     InRange("dataset.osl_mean", dataset.osl_mean(), 0.0, limit),
                     InRange("dataset.osl_stddev", dataset.osl_stddev(), 0.0, limit)});
}

absl::Status TurnsOf(const v1::Plan& plan) {
  const v1::Dataset& dataset = plan.dataset();
  const Dialect* dialect = FindDialect(plan.endpoint().type());
  if (HasConversations(dataset) && dialect != nullptr && !dialect->takes_history) {
    return Wrong("dataset.turns_mean", absl::StrCat("conversations over ", dialect->name),
                 "an endpoint whose requests hold earlier messages");
  }
  constexpr auto kMostDelayNs = static_cast<double>(plan_limits::kMaxTimeNs);
  return FirstError(
      {InRange("dataset.turns_mean", dataset.turns_mean(), 0.0, plan_limits::kMaxTurns),
       InRange("dataset.turns_stddev", dataset.turns_stddev(), 0.0, plan_limits::kMaxTurns),
       InRange("dataset.turn_delay_mean_ns", dataset.turn_delay_mean_ns(), 0.0, kMostDelayNs),
       InRange("dataset.turn_delay_stddev_ns", dataset.turn_delay_stddev_ns(), 0.0, kMostDelayNs)});
}

absl::Status DatasetOf(const v1::Dataset& dataset) {
  if (!v1::DatasetKind_IsValid(dataset.kind())) {
    return Wrong("dataset.kind", dataset.kind(), "a known kind");
  }
  const bool synthetic = dataset.kind() == v1::DATASET_SYNTHETIC;
  if (!synthetic && dataset.rows().size_bytes() == 0) {
    return Wrong("dataset.rows", "no rows", "the file's rows");
  }
  if (dataset.kind() == v1::DATASET_MOONCAKE) {
    DRUMFIRE_RETURN_IF_ERROR(
        InRange("dataset.block_size", dataset.block_size(), 1U, plan_limits::kMaxBlockSize));
  }
  return FirstError(
      {InRange("dataset.entries", dataset.entries(), uint64_t{synthetic ? 0U : 1U},
               plan_limits::kMaxEntries),
       InRange("dataset.shared_prefix_share", dataset.shared_prefix_share(), 0.0, 1.0),
       Lengths(dataset), Prefixed("dataset.rows: ", ValidateBlob(dataset.rows()))});
}

absl::Status ConnectionsOf(const v1::Connections& connections) {
  if (!v1::ConnectionReuse_IsValid(connections.reuse())) {
    return Wrong("connections.reuse", connections.reuse(), "a known strategy");
  }
  return FirstError(
      {TimeOrNone("connections.max_idle_ns", connections.max_idle_ns()),
       TimeOrNone("connections.connect_timeout_ns", connections.connect_timeout_ns()),
       TimeOrNone("connections.first_byte_timeout_ns", connections.first_byte_timeout_ns()),
       TimeOrNone("connections.request_timeout_ns", connections.request_timeout_ns()),
       TimeOrNone("connections.stall_timeout_ns", connections.stall_timeout_ns())});
}

absl::Status EngineOf(const v1::Plan& plan) {
  const v1::EngineOptions& engine = plan.engine();
  if (!v1::EngineKind_IsValid(engine.kind())) {
    return Wrong("engine.kind", engine.kind(), "a known engine");
  }
  if (!v1::LatePolicy_IsValid(plan.late_policy())) {
    return Wrong("late_policy", plan.late_policy(), "a known policy");
  }
  if (!v1::RecordDetail_IsValid(plan.records().detail())) {
    return Wrong("records.detail", plan.records().detail(), "a known detail");
  }
  return FirstError({engine.poll_interval_ns() == -1
                         ? absl::OkStatus()
                         : TimeOrNone("engine.poll_interval_ns", engine.poll_interval_ns()),
                     TimeOrNone("engine.spin_ns", engine.spin_ns()),
                     TimeOrNone("engine.late_after_ns", engine.late_after_ns()),
                     TimeOrNone("report.slice_ns", plan.report().slice_ns())});
}

absl::Status LossOf(const v1::LossPolicy& loss) {
  if (!v1::LossAction_IsValid(loss.action())) {
    return Wrong("loss.action", loss.action(), "a known action");
  }
  return InRange("loss.max_lost_share", loss.max_lost_share(), 0.0, 1.0);
}

}  // namespace

absl::Status ValidatePlan(const v1::Plan& plan) {
  return FirstError({Version(plan), Urls(plan), Models(plan), EndpointOf(plan.endpoint()),
                     TokenizerOf(plan), DatasetOf(plan.dataset()), TurnsOf(plan),
                     plan_check::RequestSize(plan), plan_check::HeadSize(plan),
                     ConnectionsOf(plan.connections()), EngineOf(plan), LossOf(plan.loss()),
                     plan_check::ValidatePhases(plan)});
}

}  // namespace drumfire
