#include "coordinator/cli/run_section.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/clock/clock.h"
#include "common/control/limits.h"
#include "common/endpoint/request_secrets.h"
#include "common/metrics/goals.h"
#include "common/metrics/summary.h"
#include "coordinator/cli/credential_flags.h"
#include "coordinator/cli/list_text.h"
#include "coordinator/cli/numbers.h"
#include "coordinator/cli/worker_flags.h"
#include "coordinator/run/run_directory.h"

namespace drumfire {
namespace {

// What the metric requires of a run.
absl::string_view NeedOf(const Metric& metric) {
  switch (metric.applies) {
    case Applies::kStreaming:
      return "--streaming and an endpoint that can stream";
    case Applies::kGoodput:
      return "--goodput";
    default:
      return "an endpoint that produces tokens";
  }
}

// A goal over a metric that the run will not have could never be met.
void CheckGoals(FlagReader* flags, absl::string_view flag, const v1::Plan& plan,
                const google::protobuf::RepeatedPtrField<v1::Goal>& goals) {
  const MetricContext context = MetricContextOf(plan);
  for (const v1::Goal& goal : goals) {
    const Metric* metric = FindMetric(goal.metric());
    if (metric == nullptr || AppliesTo(*metric, context)) continue;
    flags->Fail(flag, absl::StrCat(goal.metric(), " requires ", NeedOf(*metric)));
  }
}

// Short names and units are said as they were read.
void NoteGoals(absl::string_view flag, absl::string_view given, const std::vector<v1::Goal>& goals,
               std::vector<std::string>* notes) {
  const bool is_plain = std::all_of(goals.begin(), goals.end(), [&](const v1::Goal& goal) {
    return absl::StrContains(given, goal.metric());
  });
  if (is_plain) return;
  notes->push_back(absl::StrCat(flag, " ", given, ": read as ", GoalsAsRead(goals)));
}

// "ttft:p99 > 500" is one goal.
std::string WithoutBlanksAtOperators(absl::string_view text) {
  std::string joined;
  for (const char c : text) {
    const bool is_operator = c == '<' || c == '>';
    if (is_operator) absl::StripTrailingAsciiWhitespace(&joined);
    const bool after_operator = !joined.empty() && (joined.back() == '<' || joined.back() == '>');
    if (after_operator && absl::ascii_isspace(static_cast<unsigned char>(c))) continue;
    joined.push_back(c);
  }
  return joined;
}

void ReadGoodput(FlagReader* flags, ProfileRequest* request) {
  if (!flags->Has("--goodput")) return;
  const std::string text = absl::StrJoin(flags->values().List("--goodput"), " ");
  const absl::StatusOr<std::vector<v1::Goal>> goals = ParseGoodput(text);
  if (!goals.ok()) return flags->Fail(goals.status());
  request->plan.mutable_report()->mutable_goodput()->Add(goals->begin(), goals->end());
  NoteGoals("--goodput", text, *goals, &request->notes);
}

void ReadFailIf(FlagReader* flags, ProfileRequest* request) {
  std::vector<std::string> texts;
  for (const std::string& text : flags->values().List("--fail-if")) {
    texts.push_back(WithoutBlanksAtOperators(text));
  }
  for (const std::string& text : SplitList(texts)) {
    const absl::StatusOr<v1::Goal> goal = ParseFailIf(text);
    if (!goal.ok()) return flags->Fail(goal.status());
    *request->plan.mutable_report()->add_fail_if() = *goal;
    NoteGoals("--fail-if", text, {*goal}, &request->notes);
  }
}

void ReadErrorLimits(FlagReader* flags, v1::ErrorLimits* limits) {
  if (flags->Has("--failed-request-threshold")) {
    limits->set_max_failed_share(flags->Real("--failed-request-threshold", 0, 1, 0));
  }
  limits->set_max_consecutive_errors(
      flags->Count("--max-consecutive-errors", 1, std::numeric_limits<int32_t>::max(), 0));
}

// The prefix names files in the artifact folder: no path, no suffix of ours.
void ReadPrefix(FlagReader* flags, std::string* prefix) {
  if (!flags->Has("--profile-export-prefix")) return;
  *prefix = flags->values().Text("--profile-export-prefix");
  for (absl::string_view suffix : {"_aiperf.json", "_aiperf.csv", ".jsonl", ".json", ".csv"}) {
    if (absl::EndsWith(*prefix, suffix)) prefix->resize(prefix->size() - suffix.size());
  }
  const absl::Status valid = CheckExportPrefix(prefix->empty() ? "." : *prefix);
  if (!valid.ok()) {
    flags->Fail("--profile-export-prefix", Quoted(flags->values().Text("--profile-export-prefix")),
                valid.message());
  }
}

void ReadResults(FlagReader* flags, ProfileRequest* request) {
  request->overwrite = flags->Has("--overwrite");
  request->artifact_dir = flags->values().Text("--artifact-dir");
  if (flags->Has("--artifact-dir") && request->artifact_dir.empty()) {
    flags->Fail("--artifact-dir", "requires a directory");
  }
  flags->Require("--overwrite", "--artifact-dir");
  ReadPrefix(flags, &request->export_prefix);
  request->export_level =
      static_cast<ExportLevel>(flags->Enum("--export-level",
                                           {{"summary", static_cast<int>(ExportLevel::kSummary)},
                                            {"records", static_cast<int>(ExportLevel::kRecords)}},
                                           static_cast<int>(ExportLevel::kRecords)));
  const auto progress = static_cast<int>(UiMode::kProgress);
  request->ui = static_cast<UiMode>(flags->Enum("--ui",
                                                {{"dashboard", progress},
                                                 {"simple", progress},
                                                 {"none", static_cast<int>(UiMode::kNone)},
                                                 {"full", static_cast<int>(UiMode::kFull)}},
                                                progress));
  request->plan.mutable_report()->set_slice_ns(
      flags->TimeNs("--slice-duration", kNsPerSecond, kNsPerMs, 0));
  request->plan.mutable_records()->set_detail(static_cast<v1::RecordDetail>(flags->Enum(
      "--record-detail", {{"chunks", v1::RECORD_CHUNKS}, {"requests", v1::RECORD_REQUESTS}},
      v1::RECORD_CHUNKS)));
}

// Several runs in one command would be several results: nothing runs once in silence where three
// runs were asked for.
void CheckRunCount(FlagReader* flags) {
  if (!flags->Has("--num-profile-runs")) return;
  if (ParseWhole(flags->values().Text("--num-profile-runs")) == 1) return;
  flags->Fail("--num-profile-runs",
              "must be 1: repeated runs (--num-profile-runs) are not supported yet; call drumfire "
              "once for each, with its own --artifact-dir");
}

void ReadFleet(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  flags->Exclude("--workers", "--local-workers");
  request->worker_list = ReadWorkerFlags(flags, inputs);
  request->worker_count = ReadWorkerCount(flags);
  request->local_workers = flags->Count("--local-workers", 1, kMaxWorkers, 0);
  request->ready_timeout_ns =
      flags->TimeNs("--ready-timeout", kNsPerSecond, kNsPerMs, 60 * kNsPerSecond);
  request->lease_ns =
      flags->TimeNs("--lease", kNsPerSecond, kNsPerSecond, 5 * kNsPerSecond, kMaxLeaseNs);
  request->record_buffer_bytes =
      flags->Bytes("--record-buffer", 1 << 16, kMaxRecordBufferBytes, uint64_t{64} << 20);
}

void ReadLossPolicy(FlagReader* flags, v1::LossPolicy* loss) {
  constexpr double kDefaultMaxLostShare = 0.5;
  loss->set_action(static_cast<v1::LossAction>(
      flags->Enum("--on-worker-loss", {{"abort", v1::LOSS_ABORT}, {"continue", v1::LOSS_CONTINUE}},
                  v1::LOSS_ABORT)));
  if (flags->Has("--max-lost-share") && loss->action() != v1::LOSS_CONTINUE) {
    flags->Fail("--max-lost-share", "requires --on-worker-loss continue");
  }
  if (flags->Has("--elastic") && loss->action() != v1::LOSS_CONTINUE) {
    flags->Fail("--elastic", "requires --on-worker-loss continue");
  }
  flags->Require("--elastic", "--workers");
  if (loss->action() != v1::LOSS_CONTINUE) return;
  loss->set_elastic(flags->Has("--elastic"));
  loss->set_max_lost_share(flags->Real("--max-lost-share", 0, 1, kDefaultMaxLostShare));
}

// Local workers are on sockets that are this user's alone.
void ReadCredentials(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  for (absl::string_view flag : {"--tls-cert", "--tls-key", "--tls-ca", "--fleet-token-file"}) {
    flags->Require(flag, "--workers");
  }
  request->credentials = ReadCredentialFlags(flags, inputs);
  const bool has_secrets = request->credentials.has_token() || HasSecrets(request->secrets);
  const bool is_exposed =
      !std::all_of(request->worker_list.begin(), request->worker_list.end(), &IsLocal);
  if (has_secrets && is_exposed && !request->credentials.has_tls()) {
    request->notes.push_back(
        "the fleet is reached in plain text: token and API key can be read on the network (give "
        "--tls-cert, --tls-key and --tls-ca)");
  }
}

void ReadEngine(FlagReader* flags, v1::EngineOptions* engine) {
  engine->set_kind(static_cast<v1::EngineKind>(flags->Enum(
      "--engine",
      {{"auto", v1::ENGINE_AUTO}, {"native", v1::ENGINE_NATIVE}, {"curl", v1::ENGINE_CURL}},
      v1::ENGINE_AUTO)));
  const bool adaptive = flags->values().Text("--poll-interval-us") == "auto";
  engine->set_poll_interval_ns(adaptive ? -1
                                        : flags->TimeNs("--poll-interval-us", kNsPerUs, 0, -1));
  engine->set_spin_ns(flags->TimeNs("--spin-us", kNsPerUs, 0, 0));
}

void ReadDryRun(FlagReader* flags, ProfileRequest* request) {
  request->dry_run = flags->Has("--dry-run");
  request->schedule_out = flags->values().Text("--schedule-out");
  flags->Require("--schedule-out", "--dry-run");
}

}  // namespace

void ReadRunSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  ReadGoodput(flags, request);
  ReadFailIf(flags, request);
  CheckGoals(flags, "--goodput", request->plan, request->plan.report().goodput());
  CheckGoals(flags, "--fail-if", request->plan, request->plan.report().fail_if());
  const bool has_limits =
      flags->Has("--failed-request-threshold") || flags->Has("--max-consecutive-errors");
  if (has_limits) ReadErrorLimits(flags, request->plan.mutable_error_limits());
  ReadResults(flags, request);
  CheckRunCount(flags);
  ReadFleet(flags, inputs, request);
  ReadLossPolicy(flags, request->plan.mutable_loss());
  ReadCredentials(flags, inputs, request);
  ReadEngine(flags, request->plan.mutable_engine());
  ReadDryRun(flags, request);
}

}  // namespace drumfire
