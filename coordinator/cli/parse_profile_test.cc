// Does a good command become the plan it describes, with AIPerf's defaults and under every name of
// a flag?
#include "coordinator/cli/parse_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/clock/clock.h"
#include "common/plan/plan_hash.h"
#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ProfileRequest ParsedProfile(absl::string_view flags) {
  absl::StatusOr<ProfileRequest> request = ParseWith(flags, MachineWithFiles());
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? *std::move(request) : ProfileRequest();
}

v1::Phase LastPhase(absl::string_view flags) {
  const ProfileRequest request = ParsedProfile(flags);
  return request.plan.phases().empty() ? v1::Phase() : *request.plan.phases().rbegin();
}

TEST(DefaultsTest, AreAiperfs) {
  const ProfileRequest request = ParsedProfile("");
  const v1::Plan& plan = request.plan;
  EXPECT_THAT(plan.urls(), ElementsAre("http://localhost:8000"));
  EXPECT_EQ(plan.dataset().entries(), 0U);  // one for each request
  EXPECT_EQ(plan.dataset().isl_mean(), 550);
  EXPECT_EQ(plan.dataset().osl_mean(), 0);
  EXPECT_EQ(plan.endpoint().batch_size(), 1U);
  EXPECT_EQ(plan.connections().request_timeout_ns(), 21'600 * kNsPerSecond);
  EXPECT_EQ(plan.connections().max_idle_ns(), 4 * kNsPerSecond);
  EXPECT_EQ(plan.engine().poll_interval_ns(), -1);
  ASSERT_EQ(plan.phases_size(), 1);
  EXPECT_EQ(plan.phases(0).mode(), v1::LOAD_CLOSED_LOOP);
  EXPECT_EQ(plan.phases(0).concurrency(), 1U);
  EXPECT_EQ(plan.phases(0).request_count(), 10U);
  EXPECT_EQ(plan.phases(0).grace_period_ns(), 30 * kNsPerSecond);
  EXPECT_THAT(request.notes, IsEmpty());
}

TEST(SeedTest, IsDrawnOnlyWithoutOne) {
  FakeInputs inputs;
  inputs.drawn_seed = 99;
  const auto drawn = ParseWith("", inputs).value();
  EXPECT_EQ(drawn.plan.seed(), 99U);
  EXPECT_TRUE(drawn.seed_is_drawn);
  const auto given = ParseWith("--random-seed 0", inputs).value();
  EXPECT_EQ(given.plan.seed(), 0U);
  EXPECT_FALSE(given.seed_is_drawn);
}

TEST(EntriesTest, AreAsManyAsAskedFor) {
  EXPECT_EQ(ParsedProfile("--num-dataset-entries 7 --request-count 100").plan.dataset().entries(),
            7U);
}

TEST(EntriesTest, OfAFileThatRepeatAreInThePlan) {
  FakeInputs inputs = MachineWithFiles();
  inputs.row_files["texts.jsonl"].rows.set_texts(1, "one");
  const v1::Dataset twice = ParseWith("--input-file texts.jsonl", inputs)->plan.dataset();
  EXPECT_EQ(twice.distinct_rows(), 1U);
  EXPECT_EQ(twice.shared_prefix_share(), 0.5);
  const v1::Dataset once =
      ParseWith("--input-file texts.jsonl --request-count 1", inputs)->plan.dataset();
  EXPECT_EQ(once.distinct_rows(), 1U);
  EXPECT_EQ(once.shared_prefix_share(), 0);
}

TEST(RequestCountTest, IsTwiceTheConcurrencyAtLeastTen) {
  EXPECT_EQ(LastPhase("--concurrency 4").request_count(), 10U);
  EXPECT_EQ(LastPhase("--concurrency 100").request_count(), 200U);
  EXPECT_EQ(LastPhase("--request-rate 5").request_count(), 10U);
}

TEST(RequestCountTest, IsLeftToTheDurationWhenOnlyThatIsGiven) {
  const v1::Phase phase =
      LastPhase("--concurrency 4 --benchmark-duration 5 --benchmark-grace-period inf");
  EXPECT_EQ(phase.request_count(), 0U);
  EXPECT_EQ(phase.duration_ns(), 5 * kNsPerSecond);
  EXPECT_EQ(phase.grace_period_ns(), -1);
}

TEST(RequestCountTest, IsTheFilesRowCount) {
  EXPECT_EQ(LastPhase("--input-file texts.jsonl --concurrency 100").request_count(), 2U);
  EXPECT_EQ(LastPhase("--input-file trace.jsonl --concurrency 100").request_count(), 3U);
  EXPECT_EQ(
      LastPhase("--input-file trace.jsonl --fixed-schedule --benchmark-duration 1").request_count(),
      3U);
}

// --num-prompts 50 sent 10 requests without a word.
TEST(RequestCountTest, IsTheNumberOfPromptsUnderVllmsName) {
  const ProfileRequest request = ParsedProfile("--num-prompts 50");
  EXPECT_EQ(request.plan.phases(0).request_count(), 50U);
  EXPECT_THAT(request.notes, ElementsAre(HasSubstr("read as --request-count 50 as well")));
  EXPECT_EQ(LastPhase("--num-prompts 50 --request-count 20").request_count(), 20U);
  EXPECT_EQ(LastPhase("--num-prompts 50 --benchmark-duration 2").request_count(), 0U);
}

TEST(RequestCountTest, BelowThePromptsOrRowsIsSaid) {
  EXPECT_EQ(LastPhase("--num-dataset-entries 50").request_count(), 10U);
  EXPECT_THAT(ParsedProfile("--num-dataset-entries 50").notes,
              ElementsAre(HasSubstr("only 10 of the 50 prompts are sent")));
  EXPECT_THAT(ParsedProfile("--input-file texts.jsonl --request-count 1").notes,
              ElementsAre(HasSubstr("only 1 of the 2 rows are sent")));
}

TEST(RequestCountTest, BelowTheConcurrencyIsSaid) {
  EXPECT_THAT(ParsedProfile("--concurrency 8 --request-count 5").notes,
              ElementsAre(HasSubstr("only 5 requests for 8 slots")));
}

TEST(InputFileFlagsTest, ReachTheReader) {
  const FakeInputs inputs = MachineWithFiles();
  ASSERT_TRUE(ParseWith("--input-file trace.jsonl --timestamp-unit US --ignore-input-keys a,b "
                        "--ignore-input-keys c",
                        inputs)
                  .ok());
  EXPECT_EQ(inputs.last_options.time_unit, TimeUnit::kMicroseconds);
  EXPECT_THAT(inputs.last_options.ignored_keys, ElementsAre("a", "b", "c"));
  EXPECT_FALSE(inputs.last_options.ignore_times);
  ASSERT_TRUE(ParseWith("--input-file trace.jsonl --ignore-trace-delays", inputs).ok());
  EXPECT_EQ(inputs.last_options.time_unit, std::nullopt);
  EXPECT_TRUE(inputs.last_options.ignore_times);
}

TEST(LoadModeTest, FollowsTimestampsWhenNothingElseIsAskedForAndSaysSo) {
  const ProfileRequest request = ParsedProfile("--input-file trace.jsonl");
  EXPECT_EQ(request.plan.phases(0).mode(), v1::LOAD_FIXED_SCHEDULE);
  EXPECT_EQ(request.plan.phases(0).concurrency(), 0U);
  EXPECT_THAT(request.notes, ElementsAre(HasSubstr("at the file's timestamps")));
}

TEST(LoadModeTest, IsTheOneAskedForEvenWithTimestamps) {
  EXPECT_EQ(LastPhase("--input-file trace.jsonl --concurrency 2").mode(), v1::LOAD_CLOSED_LOOP);
  EXPECT_EQ(LastPhase("--input-file trace.jsonl --request-rate 2").mode(), v1::LOAD_RATE);
  EXPECT_EQ(LastPhase("--input-file trace.jsonl --no-fixed-schedule").mode(), v1::LOAD_CLOSED_LOOP);
  EXPECT_THAT(ParsedProfile("--input-file trace.jsonl --request-rate 2").notes,
              ElementsAre(HasSubstr("timestamps do not decide")));
}

TEST(LoadModeTest, TakesConcurrencyAsACeilingOverASchedule) {
  const v1::Phase phase = LastPhase("--input-file trace.jsonl --fixed-schedule --concurrency 2");
  EXPECT_EQ(phase.mode(), v1::LOAD_FIXED_SCHEDULE);
  EXPECT_EQ(phase.concurrency(), 2U);
}

TEST(ArrivalTest, TakesPatternsInBothSpellings) {
  EXPECT_EQ(LastPhase("--request-rate 5").arrival_pattern(), v1::ARRIVAL_POISSON);
  EXPECT_EQ(LastPhase("--request-rate 5 --request-rate-mode constant").arrival_pattern(),
            v1::ARRIVAL_CONSTANT);
  for (const char* spelling : {"concurrency_burst", "concurrency-burst", "CONCURRENCY_BURST"}) {
    const v1::Phase phase = LastPhase(absl::StrCat("--concurrency 5 --arrival-pattern ", spelling));
    EXPECT_EQ(phase.arrival_pattern(), v1::ARRIVAL_CONCURRENCY_BURST);
    EXPECT_EQ(phase.mode(), v1::LOAD_RATE);
  }
  EXPECT_EQ(LastPhase("--request-rate 5 --arrival-pattern gamma --vllm-burstiness 0.5")
                .arrival_smoothness(),
            0.5);
}

TEST(WarmupTest, FallsBackToTheProfilingLoad) {
  const v1::Plan plan =
      ParsedProfile("--request-rate 5 --concurrency 3 --num-warmup-requests 7").plan;
  ASSERT_EQ(plan.phases_size(), 2);
  EXPECT_EQ(plan.phases(0).kind(), v1::PHASE_WARMUP);
  EXPECT_EQ(plan.phases(0).request_count(), 7U);
  EXPECT_EQ(plan.phases(0).request_rate(), 5);
  EXPECT_EQ(plan.phases(0).concurrency(), 3U);
  EXPECT_EQ(plan.phases(0).grace_period_ns(), -1);
  EXPECT_EQ(plan.phases(1).kind(), v1::PHASE_PROFILING);
}

TEST(WarmupTest, TakesItsOwnLoad) {
  const v1::Phase closed =
      ParsedProfile("--request-rate 5 --warmup-duration 2 --warmup-concurrency 9").plan.phases(0);
  EXPECT_EQ(closed.concurrency(), 9U);
  EXPECT_EQ(closed.duration_ns(), 2 * kNsPerSecond);
  const v1::Phase rate = ParsedProfile(
                             "--concurrency 5 --arrival-pattern concurrency_burst "
                             "--warmup-duration 2 --warmup-request-rate 4")
                             .plan.phases(0);
  EXPECT_EQ(rate.request_rate(), 4);
  EXPECT_EQ(rate.arrival_pattern(), v1::ARRIVAL_POISSON);
}

TEST(WarmupTest, OfAScheduleIsAClosedLoop) {
  const v1::Plan plan =
      ParsedProfile("--input-file trace.jsonl --fixed-schedule --warmup-request-count 2").plan;
  EXPECT_EQ(plan.phases(0).mode(), v1::LOAD_CLOSED_LOOP);
  EXPECT_EQ(plan.phases(0).concurrency(), 1U);
}

TEST(WarmupTest, OfNoRequestsIsNone) {
  EXPECT_EQ(ParsedProfile("--warmup-request-count 0").plan.phases_size(), 1);
}

TEST(InputFileTest, HandsTheWindowToTheReader) {
  FakeInputs inputs = MachineWithFiles();
  const absl::StatusOr<ProfileRequest> request = ParseWith(
      "--input-file trace.jsonl --custom-dataset-type mooncake-trace --fixed-schedule-start-offset "
      "500 "
      "--fixed-schedule-end-offset 2s --synthesis-speedup-ratio 5 --isl-block-size 16",
      inputs);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(inputs.last_options.kind, v1::DATASET_MOONCAKE);
  EXPECT_EQ(inputs.last_options.start_offset_ns, 500 * kNsPerMs);
  EXPECT_EQ(inputs.last_options.end_offset_ns, 2 * kNsPerSecond);
  EXPECT_EQ(inputs.last_options.speedup, 5);
  EXPECT_EQ(inputs.last_options.block_size, 16U);
  EXPECT_NE(inputs.last_options.tokenizer, nullptr);
}

TEST(InputFileTest, FillsInOutputLengthsThatRowsDoNotName) {
  const ProfileRequest request = ParsedProfile("--input-file trace.jsonl --osl 40");
  v1::DatasetRows rows;
  ASSERT_TRUE(
      rows.ParseFromString(AssembleBlob(request.plan.dataset().rows(), request.chunks).value()));
  EXPECT_THAT(rows.osl(), ElementsAre(40, 1, 2));
}

// Records named the wrong model for rows with their own model.
TEST(InputFileTest, ModelsThatOnlyRowsNameJoinTheOthers) {
  FakeInputs inputs = MachineWithFiles();
  InputFile& file = inputs.row_files["models.jsonl"];
  for (const char* model : {"", "m", "other", "other", ""}) {
    file.rows.add_isl(1);
    file.rows.add_texts("hi");
    file.rows.add_models(model);
  }
  const auto request = ParseWith("--model n --input-file models.jsonl", inputs);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(request->plan.models(), ElementsAre("m", "n", "other"));
  v1::DatasetRows rows;
  ASSERT_TRUE(
      rows.ParseFromString(AssembleBlob(request->plan.dataset().rows(), request->chunks).value()));
  EXPECT_THAT(rows.models(), ElementsAre("m", "m", "other", "other", "m"));
  const auto random =
      ParseWith("--model-selection-strategy random --input-file models.jsonl", inputs);
  EXPECT_EQ(
      random.status().message(),
      "--model-selection-strategy random requires all models of the rows in --model; \"other\" is "
      "missing");
}

TEST(TargetTest, NamesKeepTheirBlanksAndSeveralModelsAreSaid) {
  const FakeInputs inputs = MachineWithFiles();
  const auto one = ParseProfile({"--model", "/models/my model", "--tokenizer", "builtin"}, inputs);
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_THAT(one->plan.models(), ElementsAre("/models/my model"));
  EXPECT_THAT(one->notes, IsEmpty());
  const auto two = ParseProfile({"--model", "a\\,b,c", "--tokenizer", "builtin"}, inputs);
  ASSERT_TRUE(two.ok()) << two.status();
  EXPECT_THAT(two->plan.models(), ElementsAre("a,b", "c"));
  EXPECT_THAT(two->notes, ElementsAre(HasSubstr("2 models, each in turn: \"a,b\", \"c\"")));
}

TEST(TargetTest, ExtraInputsThatTakeOurKeysAreSaidOrRefused) {
  EXPECT_THAT(ParsedProfile("--extra-inputs model:x").notes,
              ElementsAre("--extra-inputs replaces \"model\" of every request"));
  EXPECT_THAT(ParsedProfile("--extra-inputs stream:false").notes, IsEmpty());
  EXPECT_EQ(ParseWith("--extra-inputs stream:true", MachineWithFiles()).status().message(),
            "--extra-inputs cannot set stream:true; use --streaming instead");
}

TEST(TargetTest, TheWaitForTheModelIsAiperfs) {
  EXPECT_EQ(ParsedProfile("").wait.timeout_ns, 0);
  const ModelWait wait =
      ParsedProfile("--wait-for-model-timeout 30 --wait-for-model-interval 0.5").wait;
  EXPECT_EQ(wait.timeout_ns, 30 * kNsPerSecond);
  EXPECT_EQ(wait.interval_ns, kNsPerSecond / 2);
  EXPECT_EQ(wait.mode, WaitMode::kInference);
  EXPECT_EQ(ParsedProfile("--wait-for-model-timeout 3 --wait-for-model-mode both").wait.mode,
            WaitMode::kBoth);
}

TEST(TargetTest, TakesListsInEveryForm) {
  const v1::Plan plan =
      ParsedProfile("-u host:1,http://b/v1 --url https://c -u [::1]:8 --model-names x y").plan;
  EXPECT_THAT(plan.urls(),
              ElementsAre("http://host:1", "http://b/v1", "https://c", "http://[::1]:8"));
  EXPECT_THAT(plan.models(), ElementsAre("m", "x", "y"));
}

TEST(TargetTest, KeepsSecretsOutOfThePlan) {
  const ProfileRequest request =
      ParsedProfile("--api-key S3CRET -H X-Api-Key:S3CRET2 -H X-Trace:on -u http://h?key=S3CRET3");
  EXPECT_EQ(request.secrets.headers_size(), 2);
  EXPECT_THAT(request.secrets.queries(), ElementsAre("?key=S3CRET3"));
  ASSERT_EQ(request.plan.endpoint().headers_size(), 1);
  EXPECT_EQ(request.plan.endpoint().headers(0).name(), "X-Trace");
  EXPECT_EQ(SerializePlan(request.plan).find("S3CRET"), std::string::npos);
  EXPECT_EQ(request.cli_command.find("S3CRET"), std::string::npos);
}

TEST(TargetTest, TakesTheKeyFromAFileOrAVariable) {
  FakeInputs inputs;
  inputs.files["key"] = " S3CRET\n";
  inputs.variables["OPENAI_API_KEY"] = "S3CRET";
  for (const char* flags : {"--api-key-file key", "--api-key-env OPENAI_API_KEY"}) {
    const absl::StatusOr<ProfileRequest> request = ParseWith(flags, inputs);
    ASSERT_TRUE(request.ok()) << request.status();
    ASSERT_EQ(request->secrets.headers_size(), 1);
    EXPECT_EQ(request->secrets.headers(0).value(), "Bearer S3CRET");
    EXPECT_EQ(request->cli_command.find("S3CRET"), std::string::npos);
  }
}

TEST(TargetTest, ReadsNoVariableUnasked) {
  FakeInputs inputs;
  inputs.variables["OPENAI_API_KEY"] = "S3CRET";
  EXPECT_TRUE(ParseWith("", inputs)->secrets.headers().empty());
}

TEST(FleetTest, SaysThatSecretsTravelInPlainTextBeyondThisHost) {
  FakeInputs inputs;
  inputs.files["token"] = "correct-horse-battery";
  const auto notes = [&](absl::string_view flags) {
    return ParseWith(flags, inputs).value().notes;
  };
  EXPECT_THAT(notes("--workers 10.0.0.1:7000 --api-key K"),
              ElementsAre(HasSubstr("in plain text")));
  EXPECT_THAT(notes("--workers 127.0.0.1:7000,w:7000 --fleet-token-file token"),
              ElementsAre(HasSubstr("in plain text")));
  EXPECT_THAT(notes("--workers dns:///w:7000 --api-key K"),
              ElementsAre(HasSubstr("in plain text")));
  EXPECT_THAT(notes("--workers slurm:7000 --api-key K"), ElementsAre(HasSubstr("in plain text")));
  EXPECT_THAT(notes("--workers dns:///localhost:7000 --api-key K"), IsEmpty());
  EXPECT_THAT(notes("--workers 10.0.0.1:7000"), IsEmpty());
  EXPECT_THAT(notes("--workers 127.0.0.1:7000,unix:/x --api-key K"), IsEmpty());
  EXPECT_EQ(ParseWith("--workers w:1 --fleet-token-file token", inputs)->credentials.token,
            "correct-horse-battery");
}

TEST(TargetTest, NeverStreamsEmbeddings) {
  const ProfileRequest request = ParsedProfile("--endpoint-type embeddings --streaming -b 4");
  EXPECT_FALSE(request.plan.endpoint().streaming());
  EXPECT_EQ(request.plan.endpoint().batch_size(), 4U);
  EXPECT_THAT(request.notes, ElementsAre(HasSubstr("embeddings do not stream")));
}

TEST(TargetTest, PutsASlashBeforeTheEndpoint) {
  EXPECT_EQ(ParsedProfile("--custom-endpoint v2/chat").plan.endpoint().path(), "/v2/chat");
}

TEST(GoalsTest, TakesAllFormsOfLists) {
  const absl::StatusOr<ProfileRequest> request =
      ParseProfile({"-m", "m", "--tokenizer", "builtin", "--streaming", "--goodput",
                    "request_latency:2000 inter_token_latency:50", "--fail-if",
                    "time_to_first_token:p99>500", "--fail-if=request_throughput<10"},
                   FakeInputs());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->plan.report().goodput_size(), 2);
  EXPECT_EQ(request->plan.report().goodput(1).value(), 50);
  EXPECT_EQ(request->plan.report().fail_if_size(), 2);
  EXPECT_EQ(request->plan.report().fail_if(0).stat(), "p99");
}

// A dry run may be made where neither the names nor the job are known.
TEST(FleetTest, OnlyTheFormOfTheWorkersIsChecked) {
  FakeInputs inputs;
  inputs.files["hosts"] = "n[1-3]:7000\n";
  const auto request =
      ParseWith("--workers @hosts,slurm:7000 dns:///w:1 --expect-workers 9 --dry-run", inputs);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->worker_list.size(), 5u);
  EXPECT_EQ(request->worker_count, 9u);
}

TEST(RunTest, TakesFleetEngineAndResults) {
  const ProfileRequest request = ParsedProfile(
      "--workers a:1,[::1]:2 --lease 3 --record-buffer 1M --engine curl --poll-interval-us 500 "
      "--spin-us "
      "20 --late drop "
      "--artifact-dir out --profile-export-file run7_aiperf.json --export-level summary --ui none "
      "--slice-duration 10 "
      "--record-detail requests --dry-run --schedule-out -");
  ASSERT_EQ(request.worker_list.size(), 2u);
  EXPECT_EQ(ToString(request.worker_list[1]), "[::1]:2");
  EXPECT_EQ(request.lease_ns, 3 * kNsPerSecond);
  EXPECT_EQ(request.record_buffer_bytes, 1U << 20);
  EXPECT_EQ(request.plan.engine().kind(), v1::ENGINE_CURL);
  EXPECT_EQ(request.plan.engine().poll_interval_ns(), 500'000);
  EXPECT_EQ(request.plan.engine().spin_ns(), 20'000);
  EXPECT_EQ(request.plan.late_policy(), v1::LATE_DROP);
  EXPECT_EQ(request.export_prefix, "run7");
  EXPECT_EQ(request.export_level, ExportLevel::kSummary);
  EXPECT_EQ(request.ui, UiMode::kNone);
  EXPECT_EQ(request.plan.report().slice_ns(), 10 * kNsPerSecond);
  EXPECT_EQ(request.plan.records().detail(), v1::RECORD_REQUESTS);
  EXPECT_TRUE(request.dry_run);
  EXPECT_EQ(request.schedule_out, "-");
}

}  // namespace
}  // namespace drumfire
