// Do rows of CSV become the objects that JSON lines would have held, and are broken ones named?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dataset/testing.h"

namespace drumfire {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(CsvRowsErrors, NameTheLine) {
  EXPECT_THAT(RowsOf("text,role\na,b\n\nc\n"),
              ElementsAre(R"(2:{"text":"a","role":"b"})",
                          "4: found 1 fields, expected 2, as in the first row"));
  EXPECT_THAT(RowsOf("text,role\n\"a\nb,c"),
              ElementsAre("2: found a quote that is not closed, expected a second one"));
  EXPECT_THAT(RowsOf("text,role\n\"a\" b,c"), ElementsAre(HasSubstr("2: found text behind")));
  EXPECT_THAT(RowsOf("text,text\na,b"), ElementsAre(HasSubstr("1: found two columns text")));
  EXPECT_EQ(InputErrorOf("text,output_length\na,ten\n"),
            "f:2: output_length: found \"ten\", expected a whole number from 0 to 16777216");
  EXPECT_THAT(InputErrorOf("text,colour\na,red\n"), HasSubstr("f:2: colour: found it"));
  EXPECT_EQ(InputErrorOf("text,role\n"), "f: found no rows, expected at least one JSON object");
}

TEST(CsvRowsErrors, AnyCutOfAFileEnds) {
  constexpr absl::string_view kWhole = "text,output_length\r\n\"a \"\"b\"\"\r\nc\",5\r\nd,\r\n";
  for (size_t size = 0; size < kWhole.size(); ++size) {
    EXPECT_LE(RowsOf(kWhole.substr(0, size)).size(), 3u) << size;
  }
}

TEST(CsvRows, QuotesLineBreaksAndEmptyFields) {
  EXPECT_THAT(RowsOf("text,output_length\r\n\"a \"\"b\"\",\r\nc\",5\r\n,7\r\nd,"),
              ElementsAre("2:{\"text\":\"a \\\"b\\\",\\r\\nc\",\"output_length\":5}",
                          "4:{\"output_length\":7}", "5:{\"text\":\"d\"}"));
}

TEST(CsvRows, PromptsAreTextsAndTheRestIsJsonWhereItCanBe) {
  EXPECT_THAT(
      RowsOf("text,model,hash_ids,extra,timestamp\n42,7,\"[1,2]\",\"{\"\"a\"\":0.10}\",x\n"),
      ElementsAre(R"(2:{"text":"42","model":"7","hash_ids":[1,2],"extra":{"a":0.10},)"
                  R"("timestamp":"x"})"));
}

TEST(CsvRows, SemicolonsAndTabsSeparateWhereTheFirstRowHasThem) {
  EXPECT_THAT(RowsOf("text;role\na,b;c"), ElementsAre(R"(2:{"text":"a,b","role":"c"})"));
  EXPECT_THAT(RowsOf("text\trole\na;b\tc"), ElementsAre(R"(2:{"text":"a;b","role":"c"})"));
  EXPECT_THAT(RowsOf("text\na,b\n"), ElementsAre(HasSubstr("2: found 2 fields, expected 1")));
  EXPECT_THAT(RowsOf("text\n\"a,b\"\n"), ElementsAre(R"(2:{"text":"a,b"})"));
}

TEST(CsvRows, AreToldByTheirFirstRow) {
  for (const char* other :
       {"", "hello\nworld", "a b,c d\n1,2", "{\"text\": \"a\", \"b\": 1}", "[1,2]", ",\n"}) {
    EXPECT_NE(FindRowLayout(other).name, "CSV") << other;
  }
  EXPECT_EQ(FindRowLayout("\"timestamp\" , input_length\n").name, "CSV");
}

TEST(CsvRows, ATraceIsReadAsFromJsonLines) {
  const InputFile csv = ParseInput("timestamp,input_length,output_length\n0,100,5\n1000,200,6\n");
  const InputFile lines = ParseInput(
      "{\"timestamp\":0,\"input_length\":100,\"output_length\":5}\n"
      "{\"timestamp\":1000,\"input_length\":200,\"output_length\":6}\n");
  EXPECT_EQ(csv.rows.SerializeAsString(), lines.rows.SerializeAsString());
  EXPECT_THAT(csv.notes, Contains("read as CSV"));
}

}  // namespace
}  // namespace drumfire
