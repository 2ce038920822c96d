// Is the dry run's schedule the one that would be sent, in the documented form?
#include "coordinator/cli/dry_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_split.h"
#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

struct Schedule {
  absl::Status status;
  std::vector<std::string> lines;
};

// Texts come with their lengths, so that no real vocabulary is needed.
Schedule ScheduleOf(absl::string_view flags) {
  absl::StatusOr<ProfileRequest> request = ParseWith(
      absl::StrCat("--input-file texts.jsonl --url http://a:1 --url http://b:2/v1 ", flags),
      MachineWithFiles());
  EXPECT_TRUE(request.ok()) << request.status();
  request->plan.mutable_tokenizer()->set_kind(v1::TOKENIZER_NONE);
  Schedule schedule;
  schedule.status = WriteSchedule(*request, [&](absl::string_view line) {
    schedule.lines.emplace_back(line);
    return absl::OkStatus();
  });
  return schedule;
}

TEST(DryRunTest, RefusesAScheduleWithoutEnd) {
  EXPECT_THAT(std::string(ScheduleOf("--benchmark-duration 5").status.message()),
              HasSubstr("--request-count"));
}

TEST(DryRunTest, EndsWhenTheDiskIsFull) {
  const absl::StatusOr<ProfileRequest> request =
      ParseWith("--input-file texts.jsonl", MachineWithFiles());
  ProfileRequest copy = *request;
  copy.plan.mutable_tokenizer()->set_kind(v1::TOKENIZER_NONE);
  int lines = 0;
  EXPECT_EQ(
      WriteSchedule(
          copy, [&](absl::string_view) { return ++lines, absl::ResourceExhaustedError("full"); })
          .message(),
      "full");
  EXPECT_EQ(lines, 1);
}

TEST(DryRunTest, WritesTheDocumentedKeysInOrder) {
  const Schedule schedule = ScheduleOf("--request-rate 4 --arrival-pattern constant --osl 7");
  ASSERT_TRUE(schedule.status.ok()) << schedule.status;
  ASSERT_EQ(schedule.lines.size(), 2U);
  EXPECT_THAT(schedule.lines[0], ::testing::StartsWith("{\"k\":0,\"t_ns\":"));
  const Json second = Json::parse(schedule.lines[1]);
  EXPECT_EQ(second["k"], 1);
  EXPECT_EQ(second["t_ns"].get<int64_t>() - Json::parse(schedule.lines[0])["t_ns"].get<int64_t>(),
            250'000'000);
  EXPECT_EQ(second["url"], "http://b:2/v1/chat/completions");
  EXPECT_EQ(second["isl"], 3);
  EXPECT_EQ(second["osl"], 7);
  EXPECT_EQ(second["body_sha256"].get<std::string>().size(), 64U);
  EXPECT_EQ(schedule.lines[1].back(), '\n');
}

// Input files have no conversations yet: the plan is changed by hand.
TEST(DryRunTest, WritesALineForEachTurnOfAConversation) {
  absl::StatusOr<ProfileRequest> request = ParseWith(
      "--synthetic-input-tokens-mean 5 --request-count 5 --concurrency 1", MachineWithFiles());
  ASSERT_TRUE(request.ok()) << request.status();
  request->plan.mutable_dataset()->set_turns_mean(3);
  request->plan.mutable_dataset()->set_turn_delay_mean_ns(250);
  std::vector<Json> lines;
  const absl::Status status = WriteSchedule(*request, [&](absl::string_view text) {
    for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      lines.push_back(Json::parse(line));
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[2]["k"], 0);
  EXPECT_EQ(lines[2]["turn"], 2);
  EXPECT_EQ(lines[2]["delay_ns"], 250);
  EXPECT_TRUE(lines[2]["body_sha256"].is_null()) << "it will hold the server's replies";
  EXPECT_EQ(lines[4]["k"], 1);
  EXPECT_EQ(lines[4]["turn"], 1) << "the count cuts the second session";
}

TEST(DryRunTest, LeavesTimesAndLengthsOpenThatNobodyAskedFor) {
  const Json line = Json::parse(ScheduleOf("--concurrency 2").lines.at(0));
  EXPECT_TRUE(line["t_ns"].is_null());
  EXPECT_TRUE(line["osl"].is_null());
}

}  // namespace
}  // namespace drumfire
