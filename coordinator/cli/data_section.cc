#include "coordinator/cli/data_section.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/clock/clock.h"
#include "common/dataset/row_kind.h"
#include "common/dataset/row_repeats.h"
#include "common/dialect/dialect.h"
#include "common/plan/blob.h"
#include "common/plan/validate_plan.h"
#include "coordinator/cli/list_text.h"
#include "coordinator/cli/tokenizer_choice.h"

namespace drumfire {
namespace {

constexpr absl::string_view kSyntheticOnly[] = {"--isl", "--isl-stddev", "--osl-stddev",
                                                "--num-dataset-entries"};
constexpr absl::string_view kFileOnly[] = {"--custom-dataset-type",
                                           "--ignore-input-keys",
                                           "--timestamp-unit",
                                           "--ignore-trace-delays",
                                           "--isl-block-size",
                                           "--fixed-schedule",
                                           "--fixed-schedule-auto-offset",
                                           "--fixed-schedule-start-offset",
                                           "--fixed-schedule-end-offset",
                                           "--synthesis-speedup-ratio"};

constexpr absl::string_view kTimestampFlags[] = {
    "--timestamp-unit",
    "--fixed-schedule",
    "--fixed-schedule-auto-offset",
    "--fixed-schedule-start-offset",
    "--fixed-schedule-end-offset",
    "--synthesis-speedup-ratio",
};

void CheckBelonging(FlagReader* flags) {
  for (absl::string_view flag : kSyntheticOnly) flags->Exclude(flag, "--input-file");
  for (absl::string_view flag : kFileOnly) flags->Require(flag, "--input-file");
  flags->Exclude("--fixed-schedule-auto-offset", "--fixed-schedule-start-offset");
  for (absl::string_view flag : kTimestampFlags) flags->Exclude(flag, "--ignore-trace-delays");
}

// The tokenizer, or null after a mistake.
std::shared_ptr<const Tokenizer> ReadTokenizer(FlagReader* flags, const ProfileInputs& inputs,
                                               ProfileRequest* request) {
  const TokenizerQuery query{flags->values().Spelled("--tokenizer"),
                             flags->values().Text("--tokenizer"), request->plan.models(0)};
  absl::StatusOr<TokenizerChoice> choice = ChooseTokenizer(query, inputs, &request->notes);
  if (!choice.ok()) {
    flags->Fail(choice.status());
    return nullptr;
  }
  v1::Tokenizer* tokenizer = request->plan.mutable_tokenizer();
  tokenizer->set_kind(choice->loaded.kind);
  tokenizer->set_name(choice->name);
  tokenizer->set_assumed(choice->assumed);
  *tokenizer->mutable_file() = MakeBlob(choice->loaded.file_bytes, &request->chunks);
  return choice->loaded.tokenizer;
}

void ReadSynthetic(FlagReader* flags, v1::Dataset* dataset) {
  const double limit = plan_limits::kMaxSequenceTokens;
  dataset->set_kind(v1::DATASET_SYNTHETIC);
  constexpr uint64_t kOnePerRequest = 0;
  dataset->set_entries(
      flags->Count("--num-dataset-entries", 1, plan_limits::kMaxEntries, kOnePerRequest));
  dataset->set_isl_mean(flags->Real("--isl", 1, limit, 550));
  dataset->set_isl_stddev(flags->Real("--isl-stddev", 0, limit, 0));
  dataset->set_osl_mean(flags->Real("--osl", 1, limit, 0));
  dataset->set_osl_stddev(flags->Real("--osl-stddev", 0, limit, 0));
  flags->Require("--osl-stddev", "--osl");
}

v1::DatasetKind ReadKind(FlagReader* flags) {
  std::vector<std::string> names;
  for (const RowKind* kind : RowKinds()) {
    names.push_back(absl::StrReplaceAll(kind->name, {{"_", "-"}}));
  }
  std::vector<Choice> choices;
  for (size_t i = 0; i < names.size(); ++i) choices.push_back({names[i], RowKinds()[i]->kind});
  return static_cast<v1::DatasetKind>(
      flags->Enum("--custom-dataset-type", choices, v1::DATASET_SINGLE_TURN));
}

InputFileOptions OptionsOf(FlagReader* flags, const Tokenizer* tokenizer) {
  InputFileOptions options;
  options.tokenizer = tokenizer;
  if (flags->Has("--custom-dataset-type")) {
    options.kind = ReadKind(flags);
  }
  if (flags->Has("--timestamp-unit")) {
    options.time_unit =
        static_cast<TimeUnit>(flags->Enum("--timestamp-unit",
                                          {{"ms", static_cast<int>(TimeUnit::kMilliseconds)},
                                           {"s", static_cast<int>(TimeUnit::kSeconds)},
                                           {"us", static_cast<int>(TimeUnit::kMicroseconds)},
                                           {"ns", static_cast<int>(TimeUnit::kNanoseconds)}},
                                          static_cast<int>(TimeUnit::kMilliseconds)));
  }
  options.ignored_keys = SplitList(flags->values().List("--ignore-input-keys"));
  options.ignore_times = flags->Has("--ignore-trace-delays");
  options.auto_offset = flags->Has("--fixed-schedule-auto-offset");
  const auto offset = [&](absl::string_view flag) {
    const int64_t ns = flags->TimeNs(flag, kNsPerMs, 0, 0);
    return flags->Has(flag) ? std::optional(ns) : std::nullopt;
  };
  options.start_offset_ns = offset("--fixed-schedule-start-offset");
  options.end_offset_ns = offset("--fixed-schedule-end-offset");
  if (options.start_offset_ns && options.end_offset_ns &&
      *options.start_offset_ns > *options.end_offset_ns) {
    flags->Fail("--fixed-schedule-start-offset", "must not be after --fixed-schedule-end-offset");
  }
  options.speedup = flags->Real("--synthesis-speedup-ratio", 1e-6, 1e9, 1);
  if (flags->Has("--isl-block-size")) {
    options.block_size = flags->Count("--isl-block-size", 1, plan_limits::kMaxBlockSize, 1);
  }
  return options;
}

void CheckRoles(FlagReader* flags, const v1::DatasetRows& rows, const v1::Endpoint& endpoint) {
  if (DialectOf(endpoint).takes_roles) return;
  for (const std::string& role : rows.roles()) {
    if (role.empty() || role == "user") continue;
    return flags->Fail("--input-file",
                       absl::StrCat("has a row with the role ", Quoted(role),
                                    "; use --endpoint-type chat or --ignore-input-keys role"));
  }
}

// --osl applies to rows without a length.
void FillOutputLengths(FlagReader* flags, v1::DatasetRows* rows, uint64_t row_count) {
  const auto osl = static_cast<uint32_t>(
      std::lround(flags->Real("--osl", 1, plan_limits::kMaxSequenceTokens, 0)));
  if (osl == 0) return;
  rows->mutable_osl()->Resize(static_cast<int>(row_count), 0);
  for (uint32_t& length : *rows->mutable_osl()) length = length == 0 ? osl : length;
}

bool IsModel(const v1::Plan& plan, const std::string& name) {
  return std::find(plan.models().begin(), plan.models().end(), name) != plan.models().end();
}

// Models named only in rows are added to those of --model, so that records can name a request's
// model. Rows without a model first get theirs from --model.
void JoinRowModels(FlagReader* flags, v1::DatasetRows* rows, v1::Plan* plan) {
  std::vector<std::string> joining;
  bool some_have_none = false;
  for (const std::string& model : rows->models()) {
    some_have_none |= model.empty();
    if (model.empty() || IsModel(*plan, model)) continue;
    if (std::find(joining.begin(), joining.end(), model) == joining.end()) joining.push_back(model);
  }
  if (joining.empty()) return;
  if (some_have_none && plan->model_selection() == v1::MODEL_RANDOM) {
    return flags->Fail("--model-selection-strategy",
                       absl::StrCat("random requires all models of the rows in --model; ",
                                    Quoted(joining.front()), " is missing"));
  }
  for (int row = 0; row < rows->models_size(); ++row) {
    if (rows->models(row).empty()) rows->set_models(row, plan->models(row % plan->models_size()));
  }
  for (std::string& model : joining) plan->add_models(std::move(model));
}

void DescribeRepeats(FlagReader* flags, const v1::DatasetRows& rows, v1::Dataset* dataset) {
  const uint64_t requests = flags->Count("--request-count", 1, plan_limits::kMaxRequestCount,
                                         plan_limits::kMaxRequestCount);
  const RowRepeats repeats = MeasureRowRepeats(rows, dataset->block_size(), requests);
  dataset->set_distinct_rows(repeats.distinct_rows);
  dataset->set_shared_prefix_share(repeats.shared_prefix_share);
}

// Without a given seed, prompts differ each time: a server's prefix cache may still hold those of
// the previous run.
void ReadSeed(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  request->seed_is_drawn = !flags->Has("--random-seed");
  request->plan.set_seed(request->seed_is_drawn ? inputs.DrawSeed()
                                                : flags->Count("--random-seed", 0, UINT64_MAX, 0));
}

void ShipRows(FlagReader* flags, const v1::DatasetRows& rows, ProfileRequest* request) {
  if (const size_t bytes = rows.ByteSizeLong(); bytes > kMaxBlobBytes) {
    return flags->Fail(absl::InvalidArgumentError(
        absl::StrCat(flags->values().Spelled("--input-file"), ": the rows take ", bytes,
                     " bytes; the limit is ", kMaxBlobBytes)));
  }
  *request->plan.mutable_dataset()->mutable_rows() =
      MakeBlob(rows.SerializeAsString(), &request->chunks);
}

DataFacts ReadFile(FlagReader* flags, const ProfileInputs& inputs, const Tokenizer* tokenizer,
                   ProfileRequest* request) {
  const InputFileOptions options = OptionsOf(flags, tokenizer);
  if (!flags->status().ok()) return {};
  absl::StatusOr<InputFile> file = inputs.ReadRows(flags->values().Text("--input-file"), options);
  if (!file.ok()) {
    flags->Fail(absl::InvalidArgumentError(
        absl::StrCat(flags->values().Spelled("--input-file"), ": ", file.status().message())));
    return {};
  }
  const auto row_count = static_cast<uint64_t>(file->rows.isl_size());
  CheckRoles(flags, file->rows, request->plan.endpoint());
  FillOutputLengths(flags, &file->rows, row_count);
  JoinRowModels(flags, &file->rows, &request->plan);
  v1::Dataset* dataset = request->plan.mutable_dataset();
  dataset->set_kind(file->kind);
  dataset->set_entries(row_count);
  dataset->set_block_size(file->block_size);
  DescribeRepeats(flags, file->rows, dataset);
  ShipRows(flags, file->rows, request);
  for (std::string& note : file->notes) request->notes.push_back(std::move(note));
  return {true, row_count, !file->rows.timestamp_ns().empty()};
}

}  // namespace

DataFacts ReadDataSection(FlagReader* flags, const ProfileInputs& inputs, ProfileRequest* request) {
  CheckBelonging(flags);
  ReadSeed(flags, inputs, request);
  request->plan.mutable_records()->set_use_server_token_count(
      flags->Has("--use-server-token-count"));
  if (!flags->Has("--input-file")) ReadSynthetic(flags, request->plan.mutable_dataset());
  if (!flags->status().ok()) return {};
  const std::shared_ptr<const Tokenizer> tokenizer = ReadTokenizer(flags, inputs, request);
  if (!flags->status().ok() || !flags->Has("--input-file")) return {};
  return ReadFile(flags, inputs, tokenizer.get(), request);
}

}  // namespace drumfire
