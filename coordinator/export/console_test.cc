// Is the console's text complete, in order and within its width?
#include "coordinator/export/console.h"

#include "absl/strings/str_split.h"
#include "coordinator/export/text_table.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kMaxColumns = 140;

size_t Columns(const std::string& line) {
  size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return columns;
}

TEST(WrappedTest, BreaksAtSpacesThenHardThenCuts) {
  EXPECT_EQ(Wrapped("one two three", 7, 5), "one two\nthree");
  EXPECT_EQ(Wrapped("abcdefghij", 4, 5), "abcd\nefgh\nij");
  EXPECT_EQ(Wrapped("aaaa bbbb cccc dddd", 9, 1), "aaaa b...");
  EXPECT_EQ(Wrapped("a\nb\tc", 9, 1), "a b c");
  EXPECT_EQ(Wrapped("", 9, 1), "");
}

TEST(WrappedTest, NeverCutsInsideACodePoint) { EXPECT_EQ(Wrapped("äöüß", 2, 3), "äö\nüß"); }

TEST(TableNumberTest, SeparatesThousands) {
  EXPECT_EQ(TableNumber(0), "0.00");
  EXPECT_EQ(TableNumber(999.999), "1,000.00");
  EXPECT_EQ(TableNumber(1234567.891), "1,234,567.89");
  EXPECT_EQ(TableNumber(-1234.5), "-1,234.50");
  EXPECT_EQ(TableNumber(-123.4), "-123.40");
  EXPECT_EQ(TableNumber(kNoValue), "N/A");
}

TEST(ConsoleTest, AllFailedShowsTheCauses) {
  TestRun run;
  for (uint64_t k = 0; k < TestRun::kRequests; ++k) {
    run.records[k] =
        test_records::Failed(k, static_cast<int64_t>(k) * 50, 503, "Service Unavailable",
                             "the model is still loading, try again later");
  }
  run.Close();
  const std::string text = ConsoleText(run.Finish(), {});
  EXPECT_THAT(text, HasSubstr("Error Summary"));
  EXPECT_THAT(text, HasSubstr("the model is still loading"));
  EXPECT_THAT(text, HasSubstr("Verdict: FAILED"));
  EXPECT_THAT(text, HasSubstr("none of 40 requests succeeded"));
}

TEST(ConsoleTest, SaysHowWellTheClocksOfAFleetAreKnown) {
  TestRun run;
  run.Close();
  EXPECT_THAT(ConsoleText(run.Finish(), {}), Not(HasSubstr("Clocks:")));
  TestRun fleet;
  fleet.Close();
  for (uint32_t worker = 0; worker < 2; ++worker) {
    fleet.facts.workers[worker].mutable_limits()->set_host_name("node" + std::to_string(worker));
    v1::WorkerClock& clock = fleet.facts.clocks.emplace_back();
    clock.set_worker(worker);
    clock.set_probes(20);
    clock.set_end_bound_ns(42'000 + worker);
    clock.set_drift_ppm(-1.5 * worker);
    clock.set_drift_bound_ppm(0.25);
  }
  EXPECT_THAT(
      ConsoleText(fleet.Finish(), {}),
      HasSubstr("Clocks: 2 workers on 2 hosts, known to within 42.0 us; fastest drift -1.50 "
                "ppm (± 0.25)"));
}

TEST(ConsoleTest, WhatAnInterruptLeftUnsentIsNotCountedAsSent) {
  TestRun run;
  run.records.resize(10);
  run.Close();
  run.facts.phases[0].scheduled = 1000;
  run.facts.was_cancelled = true;
  EXPECT_THAT(ConsoleText(run.Finish(), {}),
              HasSubstr("scheduled 1000, sent 10, answered 10, failed 0, cancelled 990 (990 never "
                        "sent), dropped 0"));
}

TEST(ConsoleTest, SessionsHaveALineInRunsWithConversations) {
  TestRun run;
  run.facts.plan.mutable_dataset()->set_turns_mean(3);
  run.records.resize(4);
  for (v1::Record& record : run.records) record.set_turns(3);
  for (const size_t failed : {2, 3}) run.records[failed].set_outcome(v1::OUTCOME_FAILED);
  for (const uint64_t whole : {0, 1}) {
    for (const uint32_t turn : {1, 2}) {
      v1::Record& record = run.records.emplace_back(run.records[whole]);
      record.set_turn(turn);
    }
  }
  run.Close();
  EXPECT_THAT(ConsoleText(run.Finish(), {}),
              HasSubstr("Sessions: 4 begun or dropped, completed 2, ended early 2, dropped 0, "
                        "lost 0; 4 of their turns never sent"));
}

TEST(ConsoleTest, MainTableComesLastBeforeTheLines) {
  TestRun run;
  run.facts.plan.add_urls("http://127.0.0.1:8102");
  run.facts.notes.push_back("No tokenizer was given.");
  run.Close();
  const std::string text = ConsoleText(run.Finish(), {"/tmp/x/profile_export_aiperf.json"});
  const size_t targets = text.find("Drumfire | Targets");
  const size_t main_table = text.find("Drumfire | LLM Metrics");
  const size_t load = text.find("Load: asked 20.00 requests/s; scheduled 40, sent 40, answered 40");
  ASSERT_NE(load, std::string::npos) << text;
  EXPECT_LT(targets, main_table);
  EXPECT_LT(main_table, load);
  EXPECT_THAT(text, HasSubstr("gap CV 0.00 (the pattern has 0.00)"));
  EXPECT_THAT(text, HasSubstr("Instrument: kernel stamps; read delay p50 8.0 us, p99 40.0 us"));
  EXPECT_THAT(text, HasSubstr("Note: No tokenizer was given."));
  EXPECT_THAT(text, HasSubstr("Verdict: VALID"));
  EXPECT_THAT(text, HasSubstr("File: /tmp/x/profile_export_aiperf.json"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[")));
}

TEST(ConsoleTest, TablesFitTheWidth) {
  TestRun run;
  run.facts.plan.add_urls(
      "http://a-very-long-host-name.of-some-cluster.example.internal:8102/with/a/path");
  for (v1::Record& record : run.records) {
    record.set_isl(126'195);
    record.mutable_usage()->set_prompt_tokens(126'195);
    record.mutable_usage()->set_cached_prompt_tokens(100'000);
  }
  run.records[0] =
      test_records::Failed(0, 2, 500, "Internal Server Error", std::string(2000, 'x').c_str());
  run.Close();
  const std::string text = ConsoleText(run.Finish(), {});
  for (const auto& line : absl::StrSplit(text, '\n')) {
    const std::string row(line);
    const bool is_table = row.find("│") != std::string::npos;
    EXPECT_TRUE(!is_table || Columns(row) <= kMaxColumns) << row;
  }
}

TEST(ConsoleTest, RepeatedPromptsStandBesideTheServersCache) {
  TestRun run;
  run.facts.plan.mutable_dataset()->set_entries(10);
  for (v1::Record& record : run.records) {
    record.mutable_usage()->set_prompt_tokens(100);
    record.mutable_usage()->set_cached_prompt_tokens(72);
  }
  run.Close();
  EXPECT_THAT(ConsoleText(run.Finish(), {}),
              HasSubstr("Prompts: 10 distinct in 40 requests; 75.0 % of input tokens repeat, the "
                        "server's cache had 72.0 %"));
}

TEST(ConsoleTest, NewPromptsNeedNoLine) {
  TestRun run;
  run.Close();
  EXPECT_THAT(ConsoleText(run.Finish(), {}), Not(HasSubstr("Prompts:")));
}

}  // namespace
}  // namespace drumfire
