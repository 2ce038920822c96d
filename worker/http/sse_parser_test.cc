// Does the parser give the same events however the stream's bytes are cut into reads, as the
// standard (and servers that bend it) have them?
#include "worker/http/sse_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

using EventStep = SseParser::Step;

void NoteEvents(SseParser* parser, absl::string_view bytes, std::string* out) {
  EventStep step;
  while ((step = parser->Next(&bytes)) != EventStep::kNeedMore) {
    if (step == EventStep::kError) {
      absl::StrAppend(out, "<error>");
      return;
    }
    absl::StrAppend(out, step == EventStep::kComment
                             ? "<comment>"
                             : absl::StrCat("[", parser->event_name(), "|", parser->data(), "]"));
  }
}

// Each read is a copy that is gone afterwards, so that a view kept too long shows under a
// sanitizer.
std::string ReadInParts(const std::vector<absl::string_view>& reads) {
  SseParser parser;
  std::string out;
  for (absl::string_view read : reads) NoteEvents(&parser, std::string(read), &out);
  if (parser.AtEnd() == EventStep::kEvent)
    absl::StrAppend(&out, "[", parser.event_name(), "|", parser.data(), "]end");
  EXPECT_EQ(parser.AtEnd(), EventStep::kNeedMore);
  return out;
}

std::string ReadEveryWay(absl::string_view bytes) {
  const std::string whole = ReadInParts({bytes});
  std::vector<absl::string_view> single_bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    single_bytes.push_back(bytes.substr(i, 1));
    for (size_t j = i; j < bytes.size(); ++j) {
      EXPECT_EQ(ReadInParts({bytes.substr(0, i), bytes.substr(i, j - i), bytes.substr(j)}), whole)
          << "cut at " << i << " and " << j;
    }
  }
  EXPECT_EQ(ReadInParts(single_bytes), whole) << "byte by byte";
  return whole;
}

TEST(SseParserErrors, RefusesEventsWithoutEnd) {
  SseParser parser;
  const std::string piece(1 << 20, 'x');
  std::string out;
  NoteEvents(&parser, "data: ", &out);
  for (size_t i = 0; i < kMaxEventBytes / piece.size() && out.empty(); ++i)
    NoteEvents(&parser, piece, &out);
  EXPECT_EQ(out, "<error>");
}

TEST(SseParserErrors, RefusesEventsOfEndlessLines) {
  SseParser parser;
  const std::string line = absl::StrCat("data: ", std::string(1 << 20, 'x'), "\n");
  std::string out;
  for (size_t i = 0; i <= kMaxEventBytes / line.size() + 1 && out.empty(); ++i)
    NoteEvents(&parser, line, &out);
  EXPECT_EQ(out, "<error>");
}

TEST(SseParser, TakesAllLineEnds) {
  EXPECT_EQ(ReadEveryWay("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\ndata: e\r\n\n"),
            "[|a][|b][|c][|d][|e]");
}

TEST(SseParser, JoinsDataLines) {
  EXPECT_EQ(ReadEveryWay("data: a\ndata:b\r\ndata:\ndata\n\n"), "[|a\nb\n\n]");
}

TEST(SseParser, TakesOneSpaceBehindTheColon) {
  EXPECT_EQ(ReadEveryWay("data:a\n\ndata:  b\n\n"), "[|a][| b]");
}

TEST(SseParser, TellsCommentsApart) {
  EXPECT_EQ(ReadEveryWay(":\n\n: ping\r\ndata: a\n:mid\ndata: b\n\n"),
            "<comment><comment><comment>[|a\nb]");
}

TEST(SseParser, GivesEventNames) {
  EXPECT_EQ(
      ReadEveryWay(
          "event: start\ndata: {}\n\ndata: x\n\nevent: lost\n\ndata: y\n\ndata: z\nevent:e\n\n"),
      "[start|{}][|x][|y][e|z]");
}

TEST(SseParser, SkipsUnknownFieldsAndEmptyEvents) {
  EXPECT_EQ(ReadEveryWay("id: 1\nretry: 5\nnonsense\nDATA: x\n\n\n\ndata: a\nid: 2\n\n"), "[|a]");
}

TEST(SseParser, SkipsAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(ReadEveryWay("\xEF\xBB\xBF"
                         "data: a\n\n\xEF\xBB\xBF"
                         "data: b\n\ndata: c\n\n"),
            "[|a][|c]");
  EXPECT_EQ(ReadEveryWay("\xEF\xBB: x\n\ndata: a\n\n"), "[|a]");
}

TEST(SseParser, GivesTheLastEventWithoutItsEmptyLine) {
  EXPECT_EQ(ReadEveryWay("data: a\n\ndata: b"), "[|a][|b]end");
  EXPECT_EQ(ReadEveryWay("data: a\r\ndata: b\r"), "[|a\nb]end");
}

TEST(SseParser, GivesEmptyData) { EXPECT_EQ(ReadEveryWay("data:\n\ndata: \n\n"), "[|][|]"); }

TEST(SseParser, DoesNotCopyAnEventWithinOneRead) {
  SseParser parser;
  const std::string read = "event: x\ndata: {\"a\":1}\n\n";
  absl::string_view bytes = read;
  ASSERT_EQ(parser.Next(&bytes), EventStep::kEvent);
  EXPECT_EQ(parser.data().data(), read.data() + read.find('{'));
}

TEST(SseParser, StartsAfreshAfterReset) {
  SseParser parser;
  std::string out;
  NoteEvents(&parser, "data: half", &out);
  parser.Reset();
  NoteEvents(&parser,
             "\xEF\xBB\xBF"
             "data: a\n\n",
             &out);
  EXPECT_EQ(out, "[|a]");
}

}  // namespace
}  // namespace drumfire
