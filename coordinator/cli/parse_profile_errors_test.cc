// Does every bad command get a one-line error that says what is wrong and what to do?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct BadCommand {
  const char* flags;
  const char* begin;  // of the error line
};

std::ostream& operator<<(std::ostream& out, const BadCommand& bad) { return out << bad.flags; }

constexpr BadCommand kNumbers[] = {
    {"--concurrency 0", "--concurrency: found \"0\", expected a whole number from 1"},
    {"--concurrency -3", "--concurrency: found \"-3\""},
    {"--concurrency 1.5", "--concurrency: found \"1.5\""},
    {"--concurrency 99999999999999999999", "--concurrency: found"},
    {"--concurrency 10,50", "--concurrency: found \"10,50\", expected one value (sweeps"},
    {"--concurrency ten", "--concurrency: found \"ten\""},
    {"--num-requests 0", "--num-requests: found \"0\""},
    {"--request-rate 0", "--request-rate: found \"0\""},
    {"--request-rate nan", "--request-rate: found \"nan\""},
    {"--request-rate inf", "--request-rate: found \"inf\""},
    {"--request-rate=-5", "--request-rate: found \"-5\""},
    {"--request-rate 1e99", "--request-rate: found \"1e99\""},
    {"--isl 0", "--isl: found \"0\""},
    {"--prompt-input-tokens-mean x", "--prompt-input-tokens-mean: found \"x\""},
    {"--osl 5 --osl-stddev -1", "--osl-stddev: found \"-1\""},
    {"--random-seed -1", "--random-seed: found \"-1\""},
    {"--benchmark-duration 0", "--benchmark-duration: found \"0\", expected a time in seconds"},
    {"--benchmark-duration 5x", "--benchmark-duration: found \"5x\""},
    {"--benchmark-duration 1e12", "--benchmark-duration: found \"1e12\""},
    {"--benchmark-duration inf", "--benchmark-duration: found \"inf\""},
    {"--benchmark-grace-period -1", "--benchmark-grace-period: found \"-1\""},
    {"--slice-duration 0", "--slice-duration: found \"0\""},
    {"--lease 0", "--lease: found \"0\""},
    {"--lease 3601",
     "--lease: found \"3601\", expected a time in seconds (or with ns, us, ms, s, m, h) from 1 s "
     "to "
     "3600 s"},
    {"--record-buffer 1", "--record-buffer: found \"1\", expected a number of bytes"},
    {"--spin-us x", "--spin-us: found \"x\", expected a time in microseconds"},
    {"--local-workers 0", "--local-workers: found \"0\""},
    {"--num-dataset-entries 0", "--num-dataset-entries: found \"0\""},
};

constexpr BadCommand kChoices[] = {
    {"--endpoint-type rankings",
     "--endpoint-type: found \"rankings\", expected one of chat, completions, embeddings"},
    {"--arrival-pattern burst --request-rate 1", "--arrival-pattern: found \"burst\""},
    {"--model-selection-strategy weighted", "--model-selection-strategy: found \"weighted\""},
    {"--ui fancy", "--ui: found \"fancy\", expected one of dashboard, simple, none"},
    {"--export-level raw", "--export-level: found \"raw\", expected one of summary, records"},
    {"--engine warp", "--engine: found \"warp\", expected one of auto, native, curl"},
    {"--late never", "--late: found \"never\", expected one of catch-up, drop"},
    {"--custom-dataset-type multi_turn --input-file texts.jsonl",
     "--custom-dataset-type: found \"multi_turn\""},
    {"--connection-reuse-strategy often", "--connection-reuse-strategy: found \"often\""},
    {"--timestamp-unit minutes --input-file trace.jsonl",
     "--timestamp-unit: found \"minutes\", expected one of ms, s, us, ns"},
    {"--num-profile-runs 3", "--num-profile-runs must be 1: repeated runs"},
    {"--multi-run-count 3", "--multi-run-count must be 1: repeated runs"},
};

constexpr BadCommand kConflicts[] = {
    {"--fixed-schedule", "--fixed-schedule requires --input-file"},
    {"--fixed-schedule --input-file texts.jsonl",
     "--fixed-schedule requires timestamps, but texts.jsonl has none"},
    {"--fixed-schedule --request-rate 5 --input-file trace.jsonl",
     "--fixed-schedule cannot be combined with --request-rate"},
    {"--fixed-schedule --no-fixed-schedule --input-file trace.jsonl",
     "--fixed-schedule cannot be combined"},
    {"--fixed-schedule-auto-offset --fixed-schedule-start-offset 5 --input-file trace.jsonl",
     "--fixed-schedule-auto-offset cannot be combined with --fixed-schedule-start-offset"},
    {"--fixed-schedule-start-offset 5 --fixed-schedule-end-offset 4 --input-file trace.jsonl",
     "--fixed-schedule-start-offset must not be after"},
    {"--fixed-schedule --request-count 4 --input-file trace.jsonl",
     "--request-count: found \"4\", expected a whole number from 1 to 3"},
    {"--isl 5 --input-file texts.jsonl", "--isl cannot be combined with --input-file"},
    {"--num-prompts 5 --input-file texts.jsonl",
     "--num-prompts cannot be combined with --input-file"},
    {"--timestamp-unit s --ignore-trace-delays --input-file trace.jsonl",
     "--timestamp-unit cannot be combined with --ignore-trace-delays"},
    {"--wait-for-model-mode both", "--wait-for-model-mode requires --wait-for-model-timeout"},
    {"--ignore-input-keys note", "--ignore-input-keys requires --input-file"},
    {"--endpoint-type completions --input-file roles.jsonl",
     "--input-file has a row with the role \"system\"; use --endpoint-type chat"},
    {"--isl-block-size 16", "--isl-block-size requires --input-file"},
    {"--osl-stddev 5", "--osl-stddev requires --osl"},
    {"--arrival-pattern poisson", "--arrival-pattern requires --request-rate"},
    {"--arrival-pattern concurrency_burst",
     "--arrival-pattern concurrency_burst requires --concurrency"},
    {"--arrival-pattern concurrency-burst --concurrency 5 --request-rate 5",
     "--arrival-pattern cannot be combined with --request-rate"},
    {"--request-rate 5 --vllm-burstiness 2", "--vllm-burstiness requires --arrival-pattern gamma"},
    {"--warmup-concurrency 5", "--warmup-concurrency requires --warmup-request-count"},
    {"--warmup-request-count 5 --warmup-arrival-pattern constant",
     "--warmup-arrival-pattern requires --warmup-request-rate"},
    {"--batch-size 2", "--batch-size above 1 requires --endpoint-type embeddings"},
    {"--workers a:1 --local-workers 2", "--workers cannot be combined with --local-workers"},
    {"--schedule-out x", "--schedule-out requires --dry-run"},
    {"--overwrite", "--overwrite requires --artifact-dir"},
    {"--insecure --ca-cert x", "--ca-cert cannot be combined with --insecure"},
    {"--api-key K -H authorization:K2",
     "--api-key cannot be combined with an Authorization header"},
    {"--api-key-file key -H authorization:K2",
     "--api-key-file cannot be combined with an Authorization header"},
    {"--api-key K --api-key-file key", "--api-key cannot be combined with --api-key-file"},
    {"--api-key K --api-key-env V", "--api-key cannot be combined with --api-key-env"},
    {"--api-key-file key --api-key-env V", "--api-key-file cannot be combined with --api-key-env"},
    {"--tls-cert c --tls-key k --tls-ca a", "--tls-cert requires --workers"},
    {"--fleet-token-file t", "--fleet-token-file requires --workers"},
};

constexpr BadCommand kNames[] = {
    {"--url ftp://host", "--url: "},
    {"--url http://", "--url: "},
    {"-u http://host:99999", "-u: "},
    {"--url ,", "--url requires at least one URL"},
    {"--input-file none.jsonl", "--input-file: no file none.jsonl"},
    {"--ca-cert none.pem", "--ca-cert cannot be read: no file none.pem"},
    {"--ca-cert text.pem", "--ca-cert must be a PEM file; \"text.pem\" contains no certificate"},
    {"--api-key-file none", "--api-key-file cannot be read: no file none"},
    {"--api-key-file two-lines", "--api-key-file: found blanks, several lines"},
    {"--api-key-env NONE", "--api-key-env \"NONE\" is not set"},
    {"--api-key-env EMPTY", "--api-key-env: found nothing, expected one line"},
    {"--workers a:1 --tls-cert x", "--tls-key: found no file, expected --tls-cert, --tls-key and"},
    {"--workers a:1 --fleet-token-file none", "--fleet-token-file: found no file none"},
    {"--goodput time_to_first_token:100", "--goodput time_to_first_token requires --streaming"},
    {"--fail-if goodput<5", "--fail-if goodput requires --goodput"},
    {"--endpoint-type embeddings --fail-if output_token_throughput<5",
     "--fail-if output_token_throughput requires an endpoint"},
    {"--goodput nonsense:5", "--goodput"},
    {"--goodput request_latency", "--goodput"},
    {"--fail-if request_latency", "--fail-if"},
    {"--fail-if request_latency:p98>5", "--fail-if"},
    {"--workers host", "--workers: found \"host\", expected HOST:PORT"},
    {"--workers a:1,a:1", "--workers: found \"a:1\" twice"},
    {"--workers a:0", "--workers: found \"a:0\""},
    {"--workers ::1:80", "--workers: found \"::1:80\""},
    {"--workers @nowhere", "--workers: found no file nowhere"},
    {"--worker-count 3", "--worker-count requires --workers"},
    {"--workers a:1 --expect-workers 0", "--expect-workers: found \"0\""},
    {"--profile-export-prefix a/b", "--profile-export-prefix: found \"a/b\""},
    {"--profile-export-prefix ..", "--profile-export-prefix: found \"..\""},
    {"--profile-export-prefix run",
     "--profile-export-prefix: found \"run\", expected another one, "
     "since run.json is a file of its own"},
    {"--profile-export-prefix run.csv", "--profile-export-prefix: found \"run.csv\""},
    {"--profile-export-prefix inputs",
     "--profile-export-prefix: found \"inputs\", expected another one"},
    {"-H nocolon", "-H requires NAME:VALUE"},
    {"--extra-inputs nocolon", "--extra-inputs: found \"nocolon\""},
};

class BadCommandTest : public ::testing::TestWithParam<BadCommand> {};

TEST_P(BadCommandTest, GetsOneLine) {
  FakeInputs inputs = MachineWithFiles();
  inputs.files = {{"text.pem", "hello"}, {"key", "K"}, {"two-lines", "K\nL"}};
  inputs.variables["EMPTY"] = "";
  inputs.row_files["roles.jsonl"] = TextRows();
  inputs.row_files["roles.jsonl"].rows.add_roles("user");
  inputs.row_files["roles.jsonl"].rows.add_roles("system");
  const absl::StatusOr<ProfileRequest> request = ParseWith(GetParam().flags, inputs);
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(request.status().message()),
              AllOf(StartsWith(GetParam().begin), Not(HasSubstr("\n"))));
}

INSTANTIATE_TEST_SUITE_P(Numbers, BadCommandTest, ::testing::ValuesIn(kNumbers));
INSTANTIATE_TEST_SUITE_P(Choices, BadCommandTest, ::testing::ValuesIn(kChoices));
INSTANTIATE_TEST_SUITE_P(Conflicts, BadCommandTest, ::testing::ValuesIn(kConflicts));
INSTANTIATE_TEST_SUITE_P(Names, BadCommandTest, ::testing::ValuesIn(kNames));

TEST(MissingModelTest, IsNamed) {
  EXPECT_EQ(ParseProfile({}, FakeInputs()).status().message(), "--model is required");
}

}  // namespace
}  // namespace drumfire
