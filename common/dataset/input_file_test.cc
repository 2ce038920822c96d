// Are input files read row by row, what is detected said, and broken ones refused by line and
// field?
#include "common/dataset/input_file.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/dataset/dataset.h"
#include "common/dataset/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr int64_t kRowMs = 1'000'000;

std::unique_ptr<Tokenizer> RowTokenizer() {
  std::ifstream file("common/tokens/testdata/tiny_tokenizer.json");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return MakeHuggingFaceTokenizer(bytes.str()).value();
}

TEST(InputFileTest, MissingAndEmptyFilesAreNamed) {
  EXPECT_EQ(ReadInputFile("/nonexistent/x", {}).status().message(),
            "/nonexistent/x: found No such file or directory, expected a file that can be read");
  EXPECT_EQ(InputErrorOf(""), "f: found no rows, expected at least one JSON object");
  EXPECT_EQ(InputErrorOf("\xEF\xBB\xBF\r\n\n  \n"),
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
  EXPECT_THAT(InputErrorOf("{\"text\": \"a\"}\n{\"text\": \"b\"\n"),
              HasSubstr("f:2: found broken JSON ("));
  EXPECT_EQ(InputErrorOf("[1]"),
            "f:1: found JSON that is no object, expected an array of JSON objects");
  EXPECT_EQ(InputErrorOf("7"),
            "f:1: found JSON that is no object, expected one JSON object per line");
  EXPECT_THAT(InputErrorOf("{\"text\": \"\xFF\"}"), HasSubstr("f:1: found broken JSON ("));
  EXPECT_THAT(InputErrorOf("timestamp input\n1 2\n"), HasSubstr("f:1: found broken JSON ("));
  EXPECT_THAT(InputErrorOf("timestamp,input\n1,2\n"), HasSubstr("f:2: found neither text nor"));
}

TEST(InputFileTest, RowsOfNoKnownTypeAreRefused) {
  EXPECT_EQ(InputErrorOf("{\"prompt\": \"a\"}"),
            "f:1: found neither text nor input_length, expected a row of single_turn (text) or "
            "mooncake_trace (input_length, hash_ids, or text_input)");
}

TEST(InputFileTest, OtherModalitiesAreRefusedByName) {
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\", \"image\": \"x.png\"}"),
            "f:1: image: found it, expected text only (other data is not supported); "
            "--ignore-input-keys image sends the rows without it");
  InputFileOptions options;
  options.kind = v1::DATASET_SINGLE_TURN;
  EXPECT_THAT(InputErrorOf("{\"session_id\": \"a\", \"turns\": []}", options),
              StartsWith("f:1: turns: found it, expected one prompt per row"));
}

// R25: keys that vanished made a load that nobody had asked for.
TEST(InputFileTest, KeysThatNobodyKnowsAreRefusedByLineAndName) {
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\"}\n{\"text\": \"b\", \"note\": 1}"),
            "f:2: note: found it, expected a key of single_turn (fields of the body go into "
            "\"extra\"); --ignore-input-keys note sends the rows without it");
  for (const char* key : {"image_url", "system", "temperature", "prompt", "text_input", "hash_ids",
                          "TEXT", "te\\u0078t2"}) {
    EXPECT_THAT(InputErrorOf(absl::StrCat("{\"text\": \"a\", \"", key, "\": [1]}")),
                AllOf(StartsWith("f:1: "), HasSubstr("found it, expected "),
                      HasSubstr("--ignore-input-keys ")))
        << key;
  }
  EXPECT_THAT(InputErrorOf("{\"input_length\": 5, \"text\": \"a\"}"),
              HasSubstr("expected the prompt in \"text_input\""));
  EXPECT_THAT(InputErrorOf("{\"input_length\": 5, \"role\": \"user\"}"),
              StartsWith("f:1: role: found"));
}

TEST(InputFileTest, KeysThatStandTwiceAreRefused) {
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\", \"model\": \"x\", \"model\": \"y\"}"),
            "f:1: model: found it twice, expected each key once");
}

TEST(InputFileTest, KeysAreLeftOutWhenThatWasAskedFor) {
  InputFileOptions options;
  options.ignored_keys = {"note", "image"};
  const InputFile file = ParseInput(
      "{\"text\": \"a\", \"note\": 1}\n{\"text\": \"b\", \"note\": null, \"image\": \"x\"}",
      options);
  EXPECT_THAT(file.notes, ElementsAre("type: single_turn (detected from line 1), 2 rows",
                                      "image: left out as asked, in 1 rows",
                                      "note: left out as asked, in 1 rows"));
}

TEST(InputFileTest, RowsThatNameAnotherTypeAreRefused) {
  EXPECT_EQ(ParseInput("{\"type\": \"single_turn\", \"text\": \"a\"}").kind,
            v1::DATASET_SINGLE_TURN);
  EXPECT_EQ(
      InputErrorOf("{\"input_length\": 5, \"type\": \"text\"}"),
      "f:1: type: found \"text\", expected \"mooncake_trace\" (--ignore-input-keys type leaves it "
      "out)");
}

TEST(InputFileTest, RolesAndExtraFieldsAreKeptAsSpelled) {
  const InputFile file = ParseInput(
      "{\"text\": \"a\", \"role\": \"system\"}\n"
      "{\"extra\": {\"z\": 0.10, \"a\" : {\"s\": \"x y\"}}, \"text\": \"b\"}\n");
  EXPECT_THAT(file.rows.roles(), ElementsAre("system", ""));
  EXPECT_THAT(file.rows.extra_json(), ElementsAre("", "{\"z\":0.10,\"a\":{\"s\":\"x y\"}}"));
  EXPECT_THAT(ParseInput("{\"input_length\": 5, \"extra\": {\"top_k\": 3}}").rows.extra_json(),
              ElementsAre("{\"top_k\":3}"));
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\", \"extra\": [1]}"),
            "f:1: extra: found [1], expected an object with fields of the request's body");
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\", \"role\": \"\"}"),
            "f:1: role: found \"\", expected a string that is not empty");
}

TEST(InputFileTest, BrokenTextsAreRefused) {
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\"}\n{\"text\": 5}"),
            "f:2: text: found 5, expected a string that is not empty");
  EXPECT_EQ(InputErrorOf("{\"text\": \"\"}"),
            "f:1: text: found \"\", expected a string that is not empty");
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\"}\n{\"output_length\": 5}"),
            "f:2: text: found none, expected the prompt as a string");
  EXPECT_EQ(InputErrorOf("{\"texts\": [\"a\", \"b\"]}"),
            "f:1: texts: found [\"a\",\"b\"], expected a list of one string that is not empty");
  EXPECT_EQ(InputErrorOf("{\"text\": \"a\", \"texts\": [\"b\"]}"),
            "f:1: texts: found text beside it, expected one of the two");
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"text_input\": \"b\"}"),
            "f:1: input_length: found text_input beside it, expected one of the two");
}

TEST(InputFileTest, BrokenNumbersAreRefused) {
  EXPECT_EQ(InputErrorOf("{\"input_length\": 0}"),
            "f:1: input_length: found 0, expected a whole number from 1 to 16777216");
  EXPECT_EQ(InputErrorOf("{\"input_length\": \"7\"}"),
            "f:1: input_length: found \"7\", expected a whole number from 1 to 16777216");
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"output_length\": -3}"),
            "f:1: output_length: found -3, expected a whole number from 0 to 16777216");
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"timestamp\": -1}"),
            "f:1: timestamp: found -1, expected a number of at least 0");
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"hash_ids\": [1.5]}"),
            "f:1: hash_ids: found 1.5, expected whole numbers of at least 0");
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"hash_ids\": 1}"),
            "f:1: hash_ids: found 1, expected a list of whole numbers");
  EXPECT_EQ(InputErrorOf("{\"hash_ids\": [1]}"),
            "f:1: input_length: found none, expected the number of input tokens, or text_input");
}

TEST(InputFileTest, BlocksThatDoNotFitAreRefusedByLine) {
  const absl::string_view rows =
      "{\"input_length\": 1000, \"hash_ids\": [1, 2]}\n"
      "{\"input_length\": 1000, \"hash_ids\": [1, 2, 3]}\n";
  EXPECT_EQ(
      InputErrorOf(rows),
      "f:2: hash_ids: found 3 ids for 1000 input tokens, expected 2 with blocks of 512 tokens");
  InputFileOptions options;
  options.block_size = 16;
  EXPECT_EQ(
      InputErrorOf(rows, options),
      "f:1: hash_ids: found 2 ids for 1000 input tokens, expected 63 with blocks of 16 tokens");
  EXPECT_EQ(InputErrorOf("{\"input_length\": 2, \"hash_ids\": [1, 2, 3]}"),
            "f:1: hash_ids: found 3 ids for 2 input tokens, expected 1 with blocks of 512 tokens");
}

TEST(InputFileTest, SingleTurnRowsAreRead) {
  const auto tokenizer = RowTokenizer();
  InputFileOptions options;
  options.tokenizer = tokenizer.get();
  const InputFile file = ParseInput(
      "\xEF\xBB\xBF{\"text\": \"one worker\", \"output_length\": 7, \"model\": null}\r\n"
      "{\"texts\": [\" the\"], \"model\": \"m\"}\r\n\r\n",
      options);
  EXPECT_EQ(file.kind, v1::DATASET_SINGLE_TURN);
  EXPECT_THAT(file.rows.texts(), ElementsAre("one worker", " the"));
  EXPECT_THAT(file.rows.isl(), ElementsAre(2, 1));
  EXPECT_THAT(file.rows.osl(), ElementsAre(7, 0));
  EXPECT_THAT(file.rows.models(), ElementsAre("", "m"));
  EXPECT_THAT(file.rows.timestamp_ns(), IsEmpty());
  EXPECT_THAT(file.notes, ElementsAre("type: single_turn (detected from line 1), 2 rows"));
}

TEST(InputFileTest, MooncakeRowsAreRead) {
  const InputFile file = ParseInput(
      "{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 5, \"hash_ids\": [1, 2]}\n"
      "{\"timestamp\": 1500, \"input_length\": 10, \"output_length\": 6}\n"
      "{\"timestamp\": 1500, \"text_input\": \"hi\", \"session_id\": \"s\", \"delay\": 0}");
  EXPECT_EQ(file.kind, v1::DATASET_MOONCAKE);
  EXPECT_EQ(file.block_size, 512U);
  EXPECT_THAT(file.rows.isl(), ElementsAre(600, 10, 0));
  EXPECT_THAT(file.rows.hash_ids(), ElementsAre(1, 2));
  EXPECT_THAT(file.rows.hash_id_count(), ElementsAre(2, 0, 0));
  EXPECT_THAT(file.rows.texts(), ElementsAre("", "", "hi"));
  EXPECT_THAT(file.rows.timestamp_ns(), ElementsAre(0, 1500 * kRowMs, 1500 * kRowMs));
  EXPECT_THAT(
      file.notes,
      ElementsAre("type: mooncake_trace (detected from line 1), 3 rows",
                  "session_id: 1 rows of 1 sessions; each row is a request of its own and "
                  "waits for no answer to another",
                  "schedule: first row at 0 s, last at 1.5 s",
                  "blocks: 512 tokens for each hash id (derived from input_length, fits all 1 "
                  "rows with hash_ids)"));
}

TEST(InputFileTest, DelaysAreRefusedUnlessTheyAreToBeLeftOut) {
  const absl::string_view rows =
      "{\"input_length\": 1, \"timestamp\": 0}\n{\"input_length\": 2, \"delay\": 2.5}";
  EXPECT_EQ(InputErrorOf(rows),
            "f:2: delay: found 2.5 ms, expected none or 0 (waits between turns are not supported; "
            "--ignore-trace-delays sends the rows without them)");
  InputFileOptions options;
  options.ignore_times = true;
  const InputFile file = ParseInput(rows, options);
  EXPECT_THAT(file.rows.timestamp_ns(), IsEmpty());
  EXPECT_THAT(file.notes, Contains("timestamps and delays: left out as asked, in 2 rows"));
}

TEST(InputFileTest, BlockSizeIsToldFromTheRows) {
  EXPECT_EQ(ParseInput("{\"input_length\": 33, \"hash_ids\": [1, 2, 3]}").block_size, 16U);
  EXPECT_EQ(ParseInput("{\"input_length\": 100, \"hash_ids\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}\n"
                       "{\"input_length\": 91, \"hash_ids\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}")
                .block_size,
            10U);
  EXPECT_EQ(ParseInput("{\"input_length\": 33}").block_size, 512U);
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
  const auto tokenizer = RowTokenizer();
  const auto dataset = MakeDataset(plan, file->rows.SerializeAsString(), tokenizer.get()).value();
  constexpr uint64_t kStep = 500;
  std::string text;
  for (uint64_t id = 0; id < dataset->size(); id += kStep) {
    text.clear();
    dataset->AppendText(id, 0, 0, &text);
    EXPECT_EQ(tokenizer->Count(text), dataset->Turn(id, 0).isl) << id;
  }
}

}  // namespace
}  // namespace drumfire
