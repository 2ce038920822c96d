// Are other tools' flags translated correctly, with a note, and never guessed?
#include "coordinator/cli/habits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "absl/strings/str_join.h"
#include "coordinator/cli/fake_inputs.h"
#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Error(absl::string_view flags) {
  return std::string(ParseWith(flags, MachineWithFiles()).status().message());
}

ProfileRequest ParsedHabit(absl::string_view flags) {
  absl::StatusOr<ProfileRequest> request = ParseWith(flags, MachineWithFiles());
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? *std::move(request) : ProfileRequest();
}

TEST(HabitsTableTest, NamesNoFlagOfOurOwnAndPointsToFlagsThatAreThere) {
  for (const Habit& habit : Habits()) {
    if (habit.kind == HabitKind::kElsewhere) continue;
    EXPECT_EQ(FindFlag(habit.name), nullptr) << habit.name;
    if (habit.kind == HabitKind::kSame) {
      const FlagSpec* const ours = FindFlag(habit.ours);
      ASSERT_NE(ours, nullptr) << habit.ours;
      EXPECT_EQ(PrimaryName(*ours), habit.ours);
      EXPECT_EQ(habit.value, "VALUE");
    }
    for (const std::string& word : Words(habit.ours)) {
      const std::string flag = word.substr(0, word.find_first_of(",;"));
      if (absl::StartsWith(flag, "--")) {
        EXPECT_NE(FindFlag(flag), nullptr) << habit.name << flag;
      }
    }
  }
}

TEST(HabitsTableTest, HasNoRowTwice) {
  std::set<std::pair<absl::string_view, absl::string_view>> rows;
  for (const Habit& habit : Habits()) {
    EXPECT_TRUE(rows.emplace(habit.name, habit.value).second) << habit.name << " " << habit.value;
    const absl::string_view first = habit.name.substr(0, habit.name.find(' '));
    if (habit.kind == HabitKind::kElsewhere) {
      EXPECT_FALSE(rows.contains({first, "VALUE"})) << habit.name;
    }
  }
}

TEST(HabitsTest, WhatIsNotTheSameIsAnsweredWithOurFlag) {
  EXPECT_EQ(Error("--rps 5"), "--rps is a flag of another tool; here: --request-rate R");
  EXPECT_THAT(Error("--max-threads 5"), HasSubstr("--workers-max"));
  EXPECT_THAT(Error("-r 2"), HasSubstr("--request-rate"));
  EXPECT_THAT(Error("--master"), HasSubstr("--workers HOST:PORT,..."));
  EXPECT_THAT(Error("-u 10"),
              StartsWith("-u: found \"10\", expected a URL (for a number of users"));
  EXPECT_THAT(Error("--dataset-name sharegpt"),
              StartsWith("--dataset-name: found \"sharegpt\", expected one of random"));
  EXPECT_THAT(Error("--backend tgi"), HasSubstr("openai-chat (--endpoint-type chat --streaming)"));
  EXPECT_THAT(Error("--metric-percentiles 50,99.9"),
              StartsWith("--metric-percentiles: found \"99.9\", expected some of 1, 5, 10"));
  EXPECT_THAT(Error("--request-rate inf"), HasSubstr("--concurrency N"));
  EXPECT_THAT(Error("--multi-run-count 3"), HasSubstr("(--num-profile-runs)"));
}

TEST(HabitsTest, MistakesAreToldInTheWordsThatWereTyped) {
  EXPECT_THAT(Error("--random-input-len x"), StartsWith("--random-input-len: found \"x\""));
  EXPECT_EQ(Error("--max-concurrency"), "--max-concurrency requires a value");
  EXPECT_THAT(Error("--concurrency 5 --vus 6"), HasSubstr("was given 2 values"));
  EXPECT_EQ(Error("--port x"), "--port: found \"x\", expected a port");
}

TEST(HabitsTest, VllmsBenchmarkIsUnderstood) {
  const ProfileRequest request = ParsedHabit(
      "--backend openai --host fe.local --port 8000 --dataset-name random --random-input-len 512 "
      "--random-output-len=128 --num-prompts 100 --endpoint /v1/completions --percentile-metrics "
      "ttft,tpot,itl,e2el --metric-percentiles 50,90,99 --request-rate inf --max-concurrency 8 "
      "--seed 7 --ignore-eos --save-result --goodput ttft:200 e2el:2000");
  EXPECT_THAT(request.plan.urls(), ElementsAre("http://fe.local:8000"));
  EXPECT_EQ(request.plan.endpoint().type(), v1::ENDPOINT_COMPLETIONS);
  EXPECT_TRUE(request.plan.endpoint().streaming());
  EXPECT_EQ(request.plan.endpoint().extra_inputs_json(), R"({"ignore_eos":true})");
  EXPECT_EQ(request.plan.dataset().isl_mean(), 512);
  EXPECT_EQ(request.plan.dataset().osl_mean(), 128);
  EXPECT_EQ(request.plan.seed(), 7U);
  const v1::Phase& phase = *request.plan.phases().rbegin();
  EXPECT_EQ(phase.mode(), v1::LOAD_CLOSED_LOOP);
  EXPECT_EQ(phase.concurrency(), 8U);
  EXPECT_EQ(phase.request_count(), 100U);
  EXPECT_THAT(request.notes, Contains("--random-input-len 512: read as --isl 512"));
  EXPECT_THAT(request.notes,
              Contains("--host fe.local --port 8000: read as --url http://fe.local:8000"));
  EXPECT_THAT(request.notes, Contains("--save-result: results are always saved"));
  EXPECT_THAT(request.notes,
              Contains(StartsWith("--num-prompts 100: read as --request-count 100")));
  EXPECT_THAT(request.notes, Contains(HasSubstr("read as time_to_first_token:200ms")));
  // The stored command does the same when run again.
  EXPECT_THAT(request.cli_command, HasSubstr("--random-input-len 512"));
}

TEST(HabitsTest, BurstinessIsTheShapeOfGammaArrivals) {
  const v1::Phase phase = *ParsedHabit("--request-rate 5 --burstiness 0.5").plan.phases().rbegin();
  EXPECT_EQ(phase.arrival_pattern(), v1::ARRIVAL_GAMMA);
  EXPECT_EQ(phase.arrival_smoothness(), 0.5);
}

TEST(HabitsTest, OtherToolsLoadsAreUnderstood) {
  const v1::Phase k6 = *ParsedHabit("--vus 10 --duration 30s").plan.phases().rbegin();
  EXPECT_EQ(k6.concurrency(), 10U);
  EXPECT_EQ(k6.duration_ns(), 30'000'000'000);
  EXPECT_THAT(ParsedHabit("--host https://h:1/v1").plan.urls(), ElementsAre("https://h:1/v1"));
  EXPECT_THAT(ParsedHabit("--port 9").plan.urls(), ElementsAre("http://localhost:9"));
  EXPECT_EQ(ParsedHabit("--max-requests 12").plan.phases().rbegin()->request_count(), 12U);
}

TEST(HabitsTest, APathOfAnotherDialectSetsTheType) {
  const ProfileRequest request = ParsedHabit("--endpoint /v1/completions");
  EXPECT_EQ(request.plan.endpoint().type(), v1::ENDPOINT_COMPLETIONS);
  EXPECT_THAT(request.notes, Contains(HasSubstr("read as --endpoint-type completions as well")));
  EXPECT_EQ(ParsedHabit("--endpoint /v1/completions --endpoint-type chat").plan.endpoint().type(),
            v1::ENDPOINT_CHAT);
  EXPECT_EQ(ParsedHabit("--endpoint /x/chat/completions").plan.endpoint().type(),
            v1::ENDPOINT_CHAT);
}

}  // namespace
}  // namespace drumfire
