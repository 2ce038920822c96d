// Are the times of a trace read in their unit, cut to the window, sorted and sped up as asked?
#include "common/dataset/trace_times.h"

#include "absl/strings/str_cat.h"
#include "common/dataset/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

constexpr int64_t kMs = 1'000'000;

TEST(TraceTimesTest, TimestampsInSomeRowsOnlyAreRefused) {
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"timestamp\": 0}\n\n{\"input_length\": 5}"),
            "f:3: timestamp: found none, expected one as in line 1");
  InputFileOptions options;
  options.auto_offset = true;
  EXPECT_EQ(
      InputErrorOf("{\"text\": \"a\"}", options),
      "f: timestamp: found none, expected one in each row (offsets and a speed-up need them)");
}

TEST(TraceTimesTest, EmptyWindowIsRefused) {
  InputFileOptions options;
  options.start_offset_ns = 10 * kMs;
  EXPECT_EQ(InputErrorOf("{\"input_length\": 5, \"timestamp\": 9}", options),
            "f: timestamp: found none of 1 rows between the start and the end offset, expected at "
            "least one");
}

// R28: a fraction was taken for a sign of seconds, and stretched the load a thousandfold.
TEST(TraceTimesTest, TimestampsAreMillisecondsWholeOrNot) {
  for (const char* last : {"1000", "966.657", "1000.5", "2.5", "150000.5"}) {
    const InputFile file =
        ParseInput(absl::StrCat("{\"input_length\": 1, \"timestamp\": 0}\n"
                                "{\"input_length\": 1, \"timestamp\": ",
                                last, "}"));
    EXPECT_EQ(file.rows.timestamp_ns(1), std::llround(std::stod(last) * kMs)) << last;
    EXPECT_THAT(file.notes, Not(Contains(StartsWith("timestamps: ")))) << last;
  }
}

TEST(TraceTimesTest, AnotherUnitNeedsToBeGivenAndIsSaid) {
  InputFileOptions options;
  options.time_unit = TimeUnit::kSeconds;
  const InputFile file = ParseInput("{\"input_length\": 1, \"timestamp\": 3}", options);
  EXPECT_THAT(file.rows.timestamp_ns(), ElementsAre(3000 * kMs));
  EXPECT_THAT(file.notes, Contains("timestamps: seconds (as given)"));
}

constexpr absl::string_view kFiveRows =
    "{\"input_length\": 1, \"timestamp\": 1000}\n"
    "{\"input_length\": 2, \"timestamp\": 2000}\n"
    "{\"input_length\": 3, \"timestamp\": 3000}\n"
    "{\"input_length\": 4, \"timestamp\": 4000}\n"
    "{\"input_length\": 5, \"timestamp\": 5000}\n";

TEST(TraceTimesTest, WindowIsInclusiveAndItsStartBecomesZero) {
  InputFileOptions options;
  options.start_offset_ns = 1500 * kMs;
  options.end_offset_ns = 4000 * kMs;
  const InputFile file = ParseInput(kFiveRows, options);
  EXPECT_THAT(file.rows.isl(), ElementsAre(2, 3, 4));
  EXPECT_THAT(file.rows.timestamp_ns(), ElementsAre(500 * kMs, 1500 * kMs, 2500 * kMs));
  EXPECT_THAT(file.notes, Contains("rows: 3 of 5 lie between the start and the end offset"));
}

TEST(TraceTimesTest, AutoOffsetStartsAtTheFirstRowThatIsKept) {
  InputFileOptions options;
  options.auto_offset = true;
  options.end_offset_ns = 2000 * kMs;
  EXPECT_THAT(ParseInput(kFiveRows, options).rows.timestamp_ns(), ElementsAre(0, 1000 * kMs));
}

TEST(TraceTimesTest, SpeedupDividesTimes) {
  InputFileOptions options;
  options.speedup = 10;
  options.auto_offset = true;
  EXPECT_THAT(ParseInput(kFiveRows, options).rows.timestamp_ns(),
              ElementsAre(0, 100 * kMs, 200 * kMs, 300 * kMs, 400 * kMs));
}

TEST(TraceTimesTest, RowsOutOfOrderAreSortedStably) {
  const InputFile file = ParseInput(
      "{\"input_length\": 1, \"timestamp\": 7}\n{\"input_length\": 2, \"timestamp\": 5}\n"
      "{\"input_length\": 3, \"timestamp\": 7}\n{\"input_length\": 4, \"timestamp\": 5}\n");
  EXPECT_THAT(file.rows.isl(), ElementsAre(2, 4, 1, 3));
  EXPECT_THAT(file.notes,
              Contains("rows: sorted by timestamp, since line 2 comes before the line above it"));
}

// Whole seconds since 1970 were milliseconds once, and the first request 20 days away.
TEST(TraceTimesTest, DatesTellTheirUnitAndStartAtTheFirstRow) {
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
        ParseInput(absl::StrCat("{\"input_length\": 1, \"timestamp\": 1700000000", zeros,
                                "}\n{\"input_length\": 2, \"timestamp\": ", c.second, "}\n"));
    EXPECT_EQ(file.rows.timestamp_ns(0), 0);
    // Nanoseconds since 1970 are known to 256 of them in a double.
    EXPECT_NEAR(file.rows.timestamp_ns(1), c.gap_ns, 256) << c.second;
    EXPECT_THAT(file.notes,
                Contains(StartsWith(absl::StrCat("timestamps: dates in ", c.name, " since 1970"))));
  }
}

TEST(TraceTimesTest, ScheduleOfYearsIsRefused) {
  EXPECT_EQ(InputErrorOf("{\"input_length\": 1, \"timestamp\": 0}\n"
                         "{\"input_length\": 2, \"timestamp\": 1e300}\n"),
            "f:2: timestamp: found 1e+300, which is 1e+297 s after the start, expected at most "
            "3.16224e+07");
}

TEST(TraceTimesTest, DoubtfulSchedulesSaySo) {
  const InputFile late = ParseInput("{\"input_length\": 1, \"timestamp\": 1800000}\n");
  EXPECT_THAT(late.notes, Contains("schedule: first row at 1800 s, last at 1800 s "
                                   "(--fixed-schedule-auto-offset starts with the first row)"));
  std::string seconds;
  for (int row = 0; row < 40; ++row) {
    absl::StrAppend(&seconds, "{\"input_length\": 1, \"timestamp\": ", row / 4, "}\n");
  }
  InputFileOptions options;
  options.speedup = 10;
  EXPECT_THAT(ParseInput(seconds, options).notes,
              Contains("timestamps: the file then holds 4444 requests per second; if they are "
                       "not milliseconds, --timestamp-unit names their unit"));
}

}  // namespace
}  // namespace drumfire
