// Does the end of a run fit one screen, whatever happened in it and however wide its names are?
#include "coordinator/export/screen.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/metrics/goals.h"
#include "coordinator/export/display_width.h"
#include "coordinator/results/diagnosis.h"
#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr size_t kMostLines = 30;

ScreenFiles Files() {
  return {"artifacts/m-openai-chat-rate20",
          {"artifacts/m-openai-chat-rate20/inputs.json",
           "artifacts/m-openai-chat-rate20/profile_export.jsonl",
           "artifacts/m-openai-chat-rate20/profile_export_aiperf.json"}};
}

std::string Screen(const RunResult& result, const ScreenStyle& style = {}) {
  return ScreenText(result, Files(), style);
}

std::vector<std::string> LinesOf(const std::string& text) { return absl::StrSplit(text, '\n'); }

void ExpectFits(const std::string& text, size_t width) {
  for (const std::string& line : LinesOf(text)) EXPECT_LE(DisplayWidth(line), width) << line;
}

// Every kind of run, by name.
struct Case {
  std::string name;
  RunResult result;
};

RunResult Good() {
  TestRun run;
  run.Close();
  return run.Finish();
}

RunResult WithErrors(size_t kinds) {
  TestRun run;
  for (uint64_t k = 0; k < 2 * kinds; ++k) {
    const std::string message = absl::StrCat(
        "cause ", std::string(1, static_cast<char>('a' + k % kinds)), " ", std::string(300, 'x'));
    run.records[k] = test_records::Failed(k, 2 + static_cast<int64_t>(k) * TestRun::kGapMs, 503,
                                          "Service Unavailable", message.c_str());
  }
  run.Close();
  return run.Finish();
}

RunResult AllFailed() { return WithErrors(TestRun::kRequests / 2); }

RunResult Interrupted() {
  TestRun run;
  run.records.resize(10);
  run.Close();
  run.facts.phases[0].scheduled = 1000;
  run.facts.was_cancelled = true;
  return run.Finish();
}

RunResult WithGoals() {
  TestRun run;
  const auto goals = ParseGoodput("time_to_first_token:49 request_latency:1000");
  run.facts.plan.mutable_report()->mutable_goodput()->Add(goals->begin(), goals->end());
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("time_to_first_token:p99>40");
  run.Close();
  return run.Finish();
}

RunResult NotStreaming() {
  TestRun run;
  run.facts.plan.mutable_endpoint()->set_streaming(false);
  run.Close();
  return run.Finish();
}

RunResult Embeddings() {
  TestRun run;
  run.facts.plan.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
  run.facts.plan.mutable_endpoint()->set_streaming(false);
  run.Close();
  return run.Finish();
}

RunResult WideNames() {
  TestRun run;
  run.facts.plan.set_models(0, "通义千问大模型通义千问大模型通义千问大模型通义千问大模型");
  run.facts.plan.set_urls(0, "http://server-北京-01.internal:8000/" + std::string(200, 'p'));
  for (int i = 0; i < 11; ++i) {
    run.facts.plan.add_urls(absl::StrCat("https://推理服务器-", i, ".example.internal:8443/v1"));
  }
  for (int i = 0; i < 7; ++i) run.facts.notes.push_back(absl::StrCat(i, std::string(400, 'n')));
  run.Close();
  return run.Finish();
}

RunResult WithManyReasons() {
  RunResult result = Good();
  result.verdict.status = VerdictStatus::kInvalid;
  for (int i = 0; i < 8; ++i) {
    result.verdict.reasons.push_back({VerdictStatus::kInvalid, FaultSource::kClient, "a_check", 1,
                                      0,
                                      "a text that is too long for one line of a terminal, and "
                                      "goes on for a while",
                                      "something else"});
  }
  return result;
}

std::vector<Case> Cases() {
  return {{"good", Good()},
          {"errors", WithErrors(7)},
          {"all failed", AllFailed()},
          {"interrupted", Interrupted()},
          {"goals", WithGoals()},
          {"not streaming", NotStreaming()},
          {"embeddings", Embeddings()},
          {"wide names", WideNames()},
          {"many reasons", WithManyReasons()}};
}

TEST(ScreenTest, NoLineIsWiderThanTheTerminal) {
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.name);
    for (const size_t width : {40, 60, 80, 100, 160}) {
      ExpectFits(Screen(each.result, {.width = width}), width);
    }
  }
}

TEST(ScreenTest, UsualRunsFitOneScreen) {
  for (const RunResult& result :
       {Good(), WithErrors(7), Interrupted(), WithGoals(), NotStreaming(), Embeddings()}) {
    EXPECT_LE(LinesOf(Screen(result)).size(), kMostLines) << Screen(result);
  }
}

TEST(ScreenTest, NothingWithoutAValueIsShown) {
  for (const Case& each : Cases()) {
    EXPECT_THAT(Screen(each.result), Not(HasSubstr("N/A"))) << each.name;
    EXPECT_THAT(Screen(each.result), Not(HasSubstr("nan"))) << each.name;
  }
}

TEST(ScreenTest, TheVerdictComesFirst) {
  EXPECT_THAT(Screen(Good()), StartsWith("\nVALID  every check of the instrument passed\n"));
  EXPECT_THAT(Screen(WithManyReasons()), StartsWith("\nINVALID  do not rely on the figures"));
  EXPECT_THAT(Screen(WithManyReasons()), HasSubstr("and 3 more, in the console file"));
  EXPECT_THAT(Screen(AllFailed()),
              HasSubstr("FAILED  none of 40 requests succeeded; first cause: 503"));
  EXPECT_THAT(Screen(Interrupted()), HasSubstr("The run was interrupted"));
}

TEST(ScreenTest, CancelledRequestsAreCountedButNoErrors) {
  TestRun run;
  run.records[3].set_outcome(v1::OUTCOME_CANCELLED);
  run.Close();
  const std::string text = Screen(run.Finish());
  EXPECT_THAT(text, HasSubstr("Cancelled"));
  EXPECT_THAT(text, Not(HasSubstr("Errors")));
}

TEST(ScreenTest, ShowsTheDistributionsInTheUnitOfTheirMedian) {
  const std::string text = Screen(Good());
  EXPECT_THAT(text, HasSubstr("TTFT                  ms       50.0     50.0"));
  EXPECT_THAT(text, HasSubstr("Inter-chunk latency   ms       10.0"));
  EXPECT_THAT(text, HasSubstr("Request latency       ms       90.0"));
  EXPECT_THAT(Screen(NotStreaming()), Not(HasSubstr("TTFT ")));
}

TEST(ScreenTest, FromTheIntendedTimeOnlyWhereItDiffers) {
  TestRun run;
  for (v1::Record& record : run.records) record.set_intended_ns(record.sent_ns() - 1000);
  run.Close();
  EXPECT_THAT(Screen(run.Finish()), Not(HasSubstr("from intended")));
  for (v1::Record& record : run.records)
    record.set_intended_ns(record.sent_ns() - 30 * test_records::kMs);
  EXPECT_THAT(Screen(run.Finish()), HasSubstr("Latency from intended ms        120"));
}

TEST(ScreenTest, NarrowTerminalsKeepTheMedianAndTheTail) {
  const std::string text = Screen(Good(), {.width = 50});
  EXPECT_THAT(text, HasSubstr("p50      p99\n"));
  EXPECT_THAT(text, Not(HasSubstr("p90")));
}

TEST(ScreenTest, ErrorsAreCountedWithASampleEach) {
  const std::string text = Screen(WithErrors(7));
  EXPECT_THAT(text, HasSubstr("Errors      2 x 503 Service Unavailable: cause a xxx"));
  EXPECT_THAT(text, HasSubstr("and 8 of 4 other kinds, in the console file"));
  EXPECT_THAT(text, HasSubstr("Answered                      26 of 40"));
}

TEST(ScreenTest, AJsonErrorShowsItsMessage) {
  TestRun run;
  run.records[0] = test_records::Failed(0, 2, 400, "Bad Request",
                                        R"({"error":{"type":"x","message":"no such model"}})");
  run.records[1] = test_records::Failed(1, 52, 422, "Unprocessable", R"({"detail":"too long"})");
  run.records[2] = test_records::Failed(2, 102, 500, "Oops", R"({"error":{"mess)");
  run.Close();
  const std::string text = Screen(run.Finish());
  EXPECT_THAT(text, HasSubstr("1 x 400 Bad Request: no such model\n"));
  EXPECT_THAT(text, HasSubstr("1 x 422 Unprocessable: too long\n"));
  EXPECT_THAT(text, HasSubstr("1 x 500 Oops: {\"error\":{\"mess\n"));
}

TEST(ScreenTest, NamesTheGoalThatIsMissedMost) {
  const std::string text = Screen(WithGoals());
  EXPECT_THAT(text, HasSubstr("Most missed TTFT <= 49 ms, by 40 of 40 (100 %)\n"));
  EXPECT_THAT(text, HasSubstr("Goodput                      0/s (0 %)"));
  EXPECT_THAT(text, HasSubstr("Goal        --fail-if time_to_first_token:p99>40: measured"));
}

TEST(ScreenTest, SaysWhatLimitedTheRun) {
  EXPECT_THAT(Screen(Good()), HasSubstr("Limited by  the rate asked for, 20 requests/s"));
  TestRun closed;
  v1::Phase* phase = closed.facts.plan.mutable_phases(0);
  phase->set_mode(v1::LOAD_CLOSED_LOOP);
  phase->clear_request_rate();
  phase->set_concurrency(4);
  closed.Close();
  for (v1::Record& record : closed.records) record.set_intended_ns(-1);
  EXPECT_THAT(Screen(closed.Finish()), HasSubstr("Limited by  the concurrency of 4"));
}

TEST(ScreenTest, NamesFolderAndFiles) {
  EXPECT_THAT(Screen(Good()),
              HasSubstr("Files       artifacts/m-openai-chat-rate20/ (3 files): inputs.json, ..."));
  EXPECT_THAT(ScreenText(Good(), {}, {}), HasSubstr("Files       none could be written"));
  const std::string wide = Screen(Good(), {.width = 140});
  EXPECT_THAT(wide, HasSubstr("inputs.json, profile_export.jsonl, profile_export_aiperf.json\n"));
}

TEST(ScreenTest, ALongFolderIsNamedWhole) {
  const std::string folder = "/" + std::string(150, 'f');
  std::string text = ScreenText(Good(), {folder, {folder + "/inputs.json"}}, {});
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }),
             text.end());
  EXPECT_THAT(text, HasSubstr(folder));
}

TEST(ScreenTest, OurOwnNotesAreWhole) {
  v1::Plan plan = TestRun().facts.plan;
  plan.mutable_records()->set_use_server_token_count(true);
  constexpr uint64_t kMany = 1'000'000'000;
  ResponseAnomalies anomalies;
  anomalies.totals.completed = anomalies.totals.malformed_usage = kMany;
  anomalies.unstreamed = anomalies.without_usage = anomalies.left_open = anomalies.no_output =
      kMany;
  anomalies.streamed_tokens = 1000 * kMany;
  anomalies.streamed_chunks = kMany;
  const std::vector<std::string> diagnosis = Diagnose(plan, anomalies);
  EXPECT_GE(diagnosis.size(), 7U);
  for (const std::string& note : diagnosis) {
    TestRun run;
    run.facts.notes = {note};
    run.Close();
    const std::string text = Screen(run.Finish());
    const std::vector<std::string> words =
        absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
    EXPECT_THAT(absl::StrJoin(words, " "), HasSubstr(note));
  }
}

TEST(ScreenTest, ColoursOnlyWhenAsked) {
  EXPECT_THAT(Screen(Good()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(Screen(Good(), {.width = 80, .colour = true}),
              StartsWith("\n\x1b[1;32mVALID\x1b[0m"));
}

TEST(ScreenTest, HostileTextReachesNoTerminal) {
  TestRun run;
  run.facts.plan.set_models(0, "\x1b[2Jm");
  run.records[0] = test_records::Failed(0, 2, 500, "\x1b]0;x\x07", "\r\x1b[A\nmessage");
  run.facts.notes.push_back("a\x1b[31mnote\nof two lines");
  run.Close();
  EXPECT_EQ(Screen(run.Finish()).find_first_of("\x1b\x07\r"), std::string::npos);
}

TEST(ScreenTest, SeveralTargetsHaveARowEach) {
  TestRun run;
  run.facts.plan.add_urls("http://127.0.0.1:8102");
  run.Close();
  const std::string text = Screen(run.Finish());
  EXPECT_THAT(text, HasSubstr("answered   errors   TTFT p50   TTFT p99\n"));
  EXPECT_THAT(text, HasSubstr("http://127.0.0.1:8102 "));
  EXPECT_THAT(Screen(WideNames()), HasSubstr("and 4 more, in the console file"));
}

}  // namespace
}  // namespace drumfire
