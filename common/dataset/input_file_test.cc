// Are input files read row by row, what is detected said, and broken ones refused by line and
// field?
#include "common/dataset/input_file.h"

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/dataset/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr int64_t kMs = 1'000'000;

std::unique_ptr<Tokenizer> TinyTokenizer() {
  std::ifstream file("common/tokens/testdata/tiny_tokenizer.json");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return MakeHuggingFaceTokenizer(bytes.str()).value();
}

std::string ErrorOf(absl::string_view bytes, const InputFileOptions& options = {}) {
  return std::string(ParseInputFile("f", bytes, options).status().message());
}

InputFile Parse(absl::string_view bytes, const InputFileOptions& options = {}) {
  const auto file = ParseInputFile("f", bytes, options);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.value_or(InputFile{});
}

TEST(InputFileTest, MissingAndEmptyFilesAreNamed) {
  EXPECT_EQ(ReadInputFile("/nonexistent/x", {}).status().message(),
            "/nonexistent/x: found No such file or directory, expected a file that can be read");
  EXPECT_EQ(ErrorOf(""), "f: found no rows, expected at least one JSON object");
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF\r\n\n  \n"),
            "f: found no rows, expected at least one JSON object");
}

TEST(InputFileTest, FoldersAreRefusedAndPipesAreReadToTheirEnd) {
  EXPECT_EQ(ReadInputFile(testing::TempDir(), {}).status().message(),
            absl::StrCat(testing::TempDir(), ": found a folder, expected a file that can be read"));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  constexpr absl::string_view kRow = "{\"text\": \"a\"}\n";
  ASSERT_EQ(write(ends[1], kRow.data(), kRow.size()), static_cast<ssize_t>(kRow.size()));
  close(ends[1]);
  const auto file = ReadInputFile(absl::StrCat("/dev/fd/", ends[0]), {});
  close(ends[0]);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->rows.texts(), ElementsAre("a"));
}

TEST(InputFileTest, BrokenLinesAreNumbered) {
  EXPECT_THAT(ErrorOf("{\"text\": \"a\"}\n{\"text\": \"b\"\n"),
              HasSubstr("f:2: found broken JSON ("));
  EXPECT_EQ(ErrorOf("[1]"), "f:1: found JSON that is no object, expected one JSON object a line");
  EXPECT_THAT(ErrorOf("{\"text\": \"\xFF\"}"), HasSubstr("f:1: found broken JSON ("));
  EXPECT_THAT(ErrorOf("timestamp,input\n1,2\n"), HasSubstr("f:1: found broken JSON ("));
}

TEST(InputFileTest, RowsOfNoKnownTypeAreRefused) {
  EXPECT_EQ(ErrorOf("{\"prompt\": \"a\"}"),
            "f:1: found neither text nor input_length, expected a row of single_turn (text) or "
            "mooncake_trace (input_length, hash_ids, or text_input)");
}

TEST(InputFileTest, OtherModalitiesAreRefusedByName) {
  EXPECT_EQ(ErrorOf("{\"text\": \"a\", \"image\": \"x.png\"}"),
            "f:1: image: found it, expected text only (other data is not supported); "
            "--ignore-input-keys image sends the rows without it");
  InputFileOptions options;
  options.kind = v1::DATASET_SINGLE_TURN;
  EXPECT_THAT(ErrorOf("{\"session_id\": \"a\", \"turns\": []}", options),
              StartsWith("f:1: turns: found it, expected one prompt per row"));
}

// R25: keys that vanished made a load that nobody had asked for.
TEST(InputFileTest, KeysThatNobodyKnowsAreRefusedByLineAndName) {
  EXPECT_EQ(ErrorOf("{\"text\": \"a\"}\n{\"text\": \"b\", \"note\": 1}"),
            "f:2: note: found it, expected a key of single_turn (fields of the body go into "
            "\"extra\"); --ignore-input-keys note sends the rows without it");
  for (const char* key : {"image_url", "system", "temperature", "prompt", "text_input", "hash_ids",
                          "TEXT", "te\\u0078t2"}) {
    EXPECT_THAT(ErrorOf(absl::StrCat("{\"text\": \"a\", \"", key, "\": [1]}")),
                AllOf(StartsWith("f:1: "), HasSubstr("found it, expected "),
                      HasSubstr("--ignore-input-keys ")))
        << key;
  }
  EXPECT_THAT(ErrorOf("{\"input_length\": 5, \"text\": \"a\"}"),
              HasSubstr("expected the prompt in \"text_input\""));
  EXPECT_THAT(ErrorOf("{\"input_length\": 5, \"role\": \"user\"}"), StartsWith("f:1: role: found"));
}

TEST(InputFileTest, KeysThatStandTwiceAreRefused) {
  EXPECT_EQ(ErrorOf("{\"text\": \"a\", \"model\": \"x\", \"model\": \"y\"}"),
            "f:1: model: found it twice, expected each key once");
}

TEST(InputFileTest, KeysAreLeftOutWhenThatWasAskedFor) {
  InputFileOptions options;
  options.ignored_keys = {"note", "image"};
  const InputFile file =
      Parse("{\"text\": \"a\", \"note\": 1}\n{\"text\": \"b\", \"note\": null, \"image\": \"x\"}",
            options);
  EXPECT_THAT(file.notes, ElementsAre("type: single_turn (told from line 1), 2 rows",
                                      "image: left out as asked, in 1 rows",
                                      "note: left out as asked, in 1 rows"));
}

TEST(InputFileTest, RowsThatNameAnotherTypeAreRefused) {
  EXPECT_EQ(Parse("{\"type\": \"single_turn\", \"text\": \"a\"}").kind, v1::DATASET_SINGLE_TURN);
  EXPECT_EQ(
      ErrorOf("{\"input_length\": 5, \"type\": \"text\"}"),
      "f:1: type: found \"text\", expected \"mooncake_trace\" (--ignore-input-keys type leaves it "
      "out)");
}

TEST(InputFileTest, RolesAndExtraFieldsAreKeptAsSpelled) {
  const InputFile file = Parse(
      "{\"text\": \"a\", \"role\": \"system\"}\n"
      "{\"extra\": {\"z\": 0.10, \"a\" : {\"s\": \"x y\"}}, \"text\": \"b\"}\n");
  EXPECT_THAT(file.rows.roles(), ElementsAre("system", ""));
  EXPECT_THAT(file.rows.extra_json(), ElementsAre("", "{\"z\":0.10,\"a\":{\"s\":\"x y\"}}"));
  EXPECT_THAT(Parse("{\"input_length\": 5, \"extra\": {\"top_k\": 3}}").rows.extra_json(),
              ElementsAre("{\"top_k\":3}"));
  EXPECT_EQ(ErrorOf("{\"text\": \"a\", \"extra\": [1]}"),
            "f:1: extra: found [1], expected an object with fields of the request's body");
  EXPECT_EQ(ErrorOf("{\"text\": \"a\", \"role\": \"\"}"),
            "f:1: role: found \"\", expected a string that is not empty");
}

TEST(InputFileTest, BrokenTextsAreRefused) {
  EXPECT_EQ(ErrorOf("{\"text\": \"a\"}\n{\"text\": 5}"),
            "f:2: text: found 5, expected a string that is not empty");
  EXPECT_EQ(ErrorOf("{\"text\": \"\"}"),
            "f:1: text: found \"\", expected a string that is not empty");
  EXPECT_EQ(ErrorOf("{\"text\": \"a\"}\n{\"output_length\": 5}"),
            "f:2: text: found none, expected the prompt as a string");
  EXPECT_EQ(ErrorOf("{\"texts\": [\"a\", \"b\"]}"),
            "f:1: texts: found [\"a\",\"b\"], expected a list of one string that is not empty");
  EXPECT_EQ(ErrorOf("{\"text\": \"a\", \"texts\": [\"b\"]}"),
            "f:1: texts: found text beside it, expected one of the two");
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"text_input\": \"b\"}"),
            "f:1: input_length: found text_input beside it, expected one of the two");
}

TEST(InputFileTest, BrokenNumbersAreRefused) {
  EXPECT_EQ(ErrorOf("{\"input_length\": 0}"),
            "f:1: input_length: found 0, expected a whole number from 1 to 16777216");
  EXPECT_EQ(ErrorOf("{\"input_length\": \"7\"}"),
            "f:1: input_length: found \"7\", expected a whole number from 1 to 16777216");
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"output_length\": -3}"),
            "f:1: output_length: found -3, expected a whole number from 0 to 16777216");
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"timestamp\": -1}"),
            "f:1: timestamp: found -1, expected a number of at least 0");
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"hash_ids\": [1.5]}"),
            "f:1: hash_ids: found 1.5, expected whole numbers of at least 0");
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"hash_ids\": 1}"),
            "f:1: hash_ids: found 1, expected a list of whole numbers");
  EXPECT_EQ(ErrorOf("{\"hash_ids\": [1]}"),
            "f:1: input_length: found none, expected the number of input tokens, or text_input");
}

TEST(InputFileTest, TimestampsInSomeRowsOnlyAreRefused) {
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"timestamp\": 0}\n\n{\"input_length\": 5}"),
            "f:3: timestamp: found none, expected one as in line 1");
  InputFileOptions options;
  options.auto_offset = true;
  EXPECT_EQ(
      ErrorOf("{\"text\": \"a\"}", options),
      "f: timestamp: found none, expected one in each row (offsets and a speed-up need them)");
}

TEST(InputFileTest, EmptyWindowIsRefused) {
  InputFileOptions options;
  options.start_offset_ns = 10 * kMs;
  EXPECT_EQ(ErrorOf("{\"input_length\": 5, \"timestamp\": 9}", options),
            "f: timestamp: found none of 1 rows between the start and the end offset, expected at "
            "least one");
}

TEST(InputFileTest, BlocksThatDoNotFitAreRefusedByLine) {
  const absl::string_view rows =
      "{\"input_length\": 1000, \"hash_ids\": [1, 2]}\n"
      "{\"input_length\": 1000, \"hash_ids\": [1, 2, 3]}\n";
  EXPECT_EQ(
      ErrorOf(rows),
      "f:2: hash_ids: found 3 ids for 1000 input tokens, expected 2 with blocks of 512 tokens");
  InputFileOptions options;
  options.block_size = 16;
  EXPECT_EQ(
      ErrorOf(rows, options),
      "f:1: hash_ids: found 2 ids for 1000 input tokens, expected 63 with blocks of 16 tokens");
  EXPECT_EQ(ErrorOf("{\"input_length\": 2, \"hash_ids\": [1, 2, 3]}"),
            "f:1: hash_ids: found 3 ids for 2 input tokens, expected 1 with blocks of 512 tokens");
}

TEST(InputFileTest, SingleTurnRowsAreRead) {
  const auto tokenizer = TinyTokenizer();
  InputFileOptions options;
  options.tokenizer = tokenizer.get();
  const InputFile file = Parse(
      "\xEF\xBB\xBF{\"text\": \"one worker\", \"output_length\": 7, \"model\": null}\r\n"
      "{\"texts\": [\" the\"], \"model\": \"m\"}\r\n\r\n",
      options);
  EXPECT_EQ(file.kind, v1::DATASET_SINGLE_TURN);
  EXPECT_THAT(file.rows.texts(), ElementsAre("one worker", " the"));
  EXPECT_THAT(file.rows.isl(), ElementsAre(2, 1));
  EXPECT_THAT(file.rows.osl(), ElementsAre(7, 0));
  EXPECT_THAT(file.rows.models(), ElementsAre("", "m"));
  EXPECT_THAT(file.rows.timestamp_ns(), IsEmpty());
  EXPECT_THAT(file.notes, ElementsAre("type: single_turn (told from line 1), 2 rows"));
}

TEST(InputFileTest, MooncakeRowsAreRead) {
  const InputFile file = Parse(
      "{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 5, \"hash_ids\": [1, 2]}\n"
      "{\"timestamp\": 1500, \"input_length\": 10, \"output_length\": 6}\n"
      "{\"timestamp\": 1500, \"text_input\": \"hi\", \"session_id\": \"s\", \"delay\": 0}");
  EXPECT_EQ(file.kind, v1::DATASET_MOONCAKE);
  EXPECT_EQ(file.block_size, 512U);
  EXPECT_THAT(file.rows.isl(), ElementsAre(600, 10, 0));
  EXPECT_THAT(file.rows.hash_ids(), ElementsAre(1, 2));
  EXPECT_THAT(file.rows.hash_id_count(), ElementsAre(2, 0, 0));
  EXPECT_THAT(file.rows.texts(), ElementsAre("", "", "hi"));
  EXPECT_THAT(file.rows.timestamp_ns(), ElementsAre(0, 1500 * kMs, 1500 * kMs));
  EXPECT_THAT(file.notes,
              ElementsAre("type: mooncake_trace (told from line 1), 3 rows",
                          "session_id: 1 rows of 1 sessions; each row is a request of its own and "
                          "waits for no answer to another",
                          "schedule: first row at 0 s, last at 1.5 s",
                          "blocks: 512 tokens for each hash id (told from input_length, fits all 1 "
                          "rows with hash_ids)"));
}

// R28: a fraction was taken for a sign of seconds, and stretched the load a thousandfold.
TEST(InputFileTest, TimestampsAreMillisecondsWholeOrNot) {
  for (const char* last : {"1000", "966.657", "1000.5", "2.5", "150000.5"}) {
    const InputFile file =
        Parse(absl::StrCat("{\"input_length\": 1, \"timestamp\": 0}\n"
                           "{\"input_length\": 1, \"timestamp\": ",
                           last, "}"));
    EXPECT_EQ(file.rows.timestamp_ns(1), std::llround(std::stod(last) * kMs)) << last;
    EXPECT_THAT(file.notes, Not(Contains(StartsWith("timestamps: ")))) << last;
  }
}

TEST(InputFileTest, AnotherUnitNeedsToBeGivenAndIsSaid) {
  InputFileOptions options;
  options.time_unit = TimeUnit::kSeconds;
  const InputFile file = Parse("{\"input_length\": 1, \"timestamp\": 3}", options);
  EXPECT_THAT(file.rows.timestamp_ns(), ElementsAre(3000 * kMs));
  EXPECT_THAT(file.notes, Contains("timestamps: seconds (as given)"));
}

TEST(InputFileTest, DelaysAreRefusedUnlessTheyAreToBeLeftOut) {
  const absl::string_view rows =
      "{\"input_length\": 1, \"timestamp\": 0}\n{\"input_length\": 2, \"delay\": 2.5}";
  EXPECT_EQ(ErrorOf(rows),
            "f:2: delay: found 2.5 ms, expected none or 0 (waits between turns are not supported; "
            "--ignore-trace-delays sends the rows without them)");
  InputFileOptions options;
  options.ignore_times = true;
  const InputFile file = Parse(rows, options);
  EXPECT_THAT(file.rows.timestamp_ns(), IsEmpty());
  EXPECT_THAT(file.notes, Contains("timestamps and delays: left out as asked, in 2 rows"));
}

constexpr absl::string_view kFiveRows =
    "{\"input_length\": 1, \"timestamp\": 1000}\n"
    "{\"input_length\": 2, \"timestamp\": 2000}\n"
    "{\"input_length\": 3, \"timestamp\": 3000}\n"
    "{\"input_length\": 4, \"timestamp\": 4000}\n"
    "{\"input_length\": 5, \"timestamp\": 5000}\n";

TEST(InputFileTest, WindowIsInclusiveAndItsStartBecomesZero) {
  InputFileOptions options;
  options.start_offset_ns = 1500 * kMs;
  options.end_offset_ns = 4000 * kMs;
  const InputFile file = Parse(kFiveRows, options);
  EXPECT_THAT(file.rows.isl(), ElementsAre(2, 3, 4));
  EXPECT_THAT(file.rows.timestamp_ns(), ElementsAre(500 * kMs, 1500 * kMs, 2500 * kMs));
  EXPECT_THAT(file.notes, Contains("rows: 3 of 5 lie between the start and the end offset"));
}

TEST(InputFileTest, AutoOffsetStartsAtTheFirstRowThatIsKept) {
  InputFileOptions options;
  options.auto_offset = true;
  options.end_offset_ns = 2000 * kMs;
  EXPECT_THAT(Parse(kFiveRows, options).rows.timestamp_ns(), ElementsAre(0, 1000 * kMs));
}

TEST(InputFileTest, SpeedupDividesTimes) {
  InputFileOptions options;
  options.speedup = 10;
  options.auto_offset = true;
  EXPECT_THAT(Parse(kFiveRows, options).rows.timestamp_ns(),
              ElementsAre(0, 100 * kMs, 200 * kMs, 300 * kMs, 400 * kMs));
}

TEST(InputFileTest, RowsOutOfOrderAreSortedStably) {
  const InputFile file = Parse(
      "{\"input_length\": 1, \"timestamp\": 7}\n{\"input_length\": 2, \"timestamp\": 5}\n"
      "{\"input_length\": 3, \"timestamp\": 7}\n{\"input_length\": 4, \"timestamp\": 5}\n");
  EXPECT_THAT(file.rows.isl(), ElementsAre(2, 4, 1, 3));
  EXPECT_THAT(file.notes,
              Contains("rows: sorted by timestamp, since line 2 comes before the line above it"));
}

// Whole seconds since 1970 were milliseconds once, and the first request 20 days away.
TEST(InputFileTest, DatesTellTheirUnitAndStartAtTheFirstRow) {
  struct Case {
    const char* second;
    const char* name;
    int64_t gap_ns;
  };
  for (const Case& c :
       {Case{"1700000002", "seconds", 2000 * kMs}, Case{"1700000000.5", "seconds", kMs * 500},
        Case{"1700000000250", "milliseconds", 250 * kMs},
        Case{"1700000000250000", "microseconds", 250 * kMs},
        Case{"1700000000250000000", "nanoseconds", 250 * kMs}}) {
    const std::string zeros(std::string(c.second).find('.') == std::string::npos
                                ? std::string(c.second).size() - 10
                                : 0,
                            '0');
    const InputFile file =
        Parse(absl::StrCat("{\"input_length\": 1, \"timestamp\": 1700000000", zeros,
                           "}\n{\"input_length\": 2, \"timestamp\": ", c.second, "}\n"));
    EXPECT_EQ(file.rows.timestamp_ns(0), 0);
    // Nanoseconds since 1970 are known to 256 of them in a double.
    EXPECT_NEAR(file.rows.timestamp_ns(1), c.gap_ns, 256) << c.second;
    EXPECT_THAT(file.notes,
                Contains(StartsWith(absl::StrCat("timestamps: dates in ", c.name, " since 1970"))));
  }
}

TEST(InputFileTest, ScheduleOfYearsIsRefused) {
  EXPECT_EQ(ErrorOf("{\"input_length\": 1, \"timestamp\": 0}\n"
                    "{\"input_length\": 2, \"timestamp\": 1e300}\n"),
            "f:2: timestamp: found 1e+300, which is 1e+297 s after the start, expected at most "
            "3.16224e+07");
}

TEST(InputFileTest, DoubtfulSchedulesSaySo) {
  const InputFile late = Parse("{\"input_length\": 1, \"timestamp\": 1800000}\n");
  EXPECT_THAT(late.notes, Contains("schedule: first row at 1800 s, last at 1800 s "
                                   "(--fixed-schedule-auto-offset starts with the first row)"));
  std::string seconds;
  for (int row = 0; row < 40; ++row) {
    absl::StrAppend(&seconds, "{\"input_length\": 1, \"timestamp\": ", row / 4, "}\n");
  }
  InputFileOptions options;
  options.speedup = 10;
  EXPECT_THAT(Parse(seconds, options).notes,
              Contains("timestamps: the file then holds 4444 requests per second; if they are "
                       "not milliseconds, --timestamp-unit names their unit"));
}

TEST(InputFileTest, BlockSizeIsToldFromTheRows) {
  EXPECT_EQ(Parse("{\"input_length\": 33, \"hash_ids\": [1, 2, 3]}").block_size, 16U);
  EXPECT_EQ(Parse("{\"input_length\": 100, \"hash_ids\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}\n"
                  "{\"input_length\": 91, \"hash_ids\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}")
                .block_size,
            10U);
  EXPECT_EQ(Parse("{\"input_length\": 33}").block_size, 512U);
}

TEST(InputFileTest, WholeRealTraceHasItsLengths) {
  const char* path = std::getenv("DRUMFIRE_TRACE");
  if (path == nullptr) {
    GTEST_SKIP() << "DRUMFIRE_TRACE does not name a copy of mooncake_conversation.jsonl";
  }
  const auto file = ReadInputFile(path, {});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->block_size, 512U);
  v1::Plan plan;
  plan.mutable_dataset()->set_kind(file->kind);
  plan.mutable_dataset()->set_block_size(file->block_size);
  const auto tokenizer = TinyTokenizer();
  const auto dataset = MakeDataset(plan, file->rows.SerializeAsString(), tokenizer.get()).value();
  constexpr uint64_t kStep = 500;
  std::string text;
  for (uint64_t id = 0; id < dataset->size(); id += kStep) {
    text.clear();
    dataset->AppendText(id, 0, &text);
    EXPECT_EQ(tokenizer->Count(text), dataset->Info(id).isl) << id;
  }
}

}  // namespace
}  // namespace drumfire
