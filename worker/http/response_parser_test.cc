// Does the parser see the same response however its bytes are split into reads, and does it reject
// malformed HTTP/1.x?
#include "worker/http/response_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

using Step = ResponseParser::Step;

// A parsed response as text, such as "200 OK|type|keep|body|end", the same for every way to split
// the bytes.
class Transcript {
 public:
  // Feeds one read; false once the response is over.
  bool Read(absl::string_view bytes) {
    Step step;
    while ((step = parser_.Next(&bytes)) == Step::kHead || step == Step::kBody) Note(step);
    return step == Step::kNeedMore || Finish(step, bytes);
  }
  void Eof() { Finish(parser_.AtEof(), ""); }
  std::string text() const { return head_ + body_ + end_; }

 private:
  void Note(Step step) {
    const ResponseHead& head = parser_.head();
    if (step == Step::kBody) {
      absl::StrAppend(&body_, parser_.body());
      return;
    }
    head_ = absl::StrCat(head.status, " ", head.reason, "|", head.content_type, "|",
                         head.content_encoding, head.keep_alive ? "keep|" : "close|");
  }
  bool Finish(Step step, absl::string_view left) {
    end_ = step == Step::kEnd ? absl::StrCat("|end", left.empty() ? "" : "+excess")
                              : absl::StrCat("|error: ", parser_.error(),
                                             parser_.truncated() ? " (truncated)" : "");
    return false;
  }

  ResponseParser parser_;
  std::string head_, body_, end_;
};

std::string ParseInReads(const std::vector<absl::string_view>& reads, bool closed) {
  Transcript transcript;
  for (absl::string_view read : reads) {
    if (!transcript.Read(read)) return transcript.text();
  }
  if (closed) transcript.Eof();
  return transcript.text();
}

std::string Parse(absl::string_view bytes) { return ParseInReads({bytes}, true); }

// Parses whole, cut in two at every byte, and byte by byte; all must agree.
std::string ParseEveryWay(absl::string_view bytes) {
  const std::string whole = Parse(bytes);
  std::vector<absl::string_view> single_bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    single_bytes.push_back(bytes.substr(i, 1));
    EXPECT_EQ(ParseInReads({bytes.substr(0, i), bytes.substr(i)}, true), whole) << "cut at " << i;
  }
  EXPECT_EQ(ParseInReads(single_bytes, true), whole) << "byte by byte";
  return whole;
}

std::string WithHeaders(absl::string_view headers, absl::string_view body = "") {
  return absl::StrCat("HTTP/1.1 200 OK\r\n", headers, "\r\n", body);
}

TEST(ResponseParserErrors, NamesBytesThatAreNotHttp) {
  EXPECT_EQ(Parse("SSH-2.0-OpenSSH_9.2\r\n"),
            "|error: not an HTTP/1 response: \"SSH-2.0-OpenSSH_9.2\\r\\n\"");
  EXPECT_TRUE(absl::StrContains(Parse("HTTP/2 200\r\n\r\n"), "not an HTTP/1 response"));
  EXPECT_TRUE(absl::StrContains(Parse("HTTP/1.1 2x0 OK\r\n\r\n"), "status is not three digits"));
  EXPECT_TRUE(absl::StrContains(Parse("HTTP/1.1 2000 OK\r\n\r\n"), "status is not three digits"));
  EXPECT_TRUE(absl::StrContains(Parse("HTTP/1.1200 OK\r\n\r\n"), "no HTTP/1 status line"));
}

TEST(ResponseParserErrors, RefusesUnsoundLengths) {
  for (absl::string_view value : {"", "abc", "-1", "+1", "5, 5", "0x5", "99999999999999999999"}) {
    EXPECT_TRUE(absl::StrContains(
        Parse(WithHeaders(absl::StrCat("Content-Length: ", value, "\r\n"), "hello")),
        "Content-Length is not a number"))
        << value;
  }
}

TEST(ResponseParserErrors, RefusesTwoContentLengths) {
  const std::string both = WithHeaders("Content-Length: 5\r\ncontent-length: 6\r\n", "hello!");
  EXPECT_TRUE(absl::StrContains(Parse(both), "more than one Content-Length"));
  EXPECT_TRUE(
      absl::StrContains(Parse(WithHeaders("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
                        "more than one Content-Length"));
}

TEST(ResponseParserErrors, RefusesUnknownTransferCodings) {
  EXPECT_TRUE(absl::StrContains(Parse(WithHeaders("Transfer-Encoding: gzip, chunked\r\n")),
                                "gzip, chunked"));
  EXPECT_TRUE(absl::StrContains(Parse(WithHeaders("Transfer-Encoding: chunked, chunked\r\n")),
                                "Transfer-Encoding"));
}

TEST(ResponseParserErrors, RefusesBadChunks) {
  const std::string head = WithHeaders("Transfer-Encoding: chunked\r\n");
  for (absl::string_view chunks :
       {"x\r\n", "\r\n", "-1\r\n", "5 5\r\nhello\r\n", "fffffffffffffffff\r\n"}) {
    EXPECT_TRUE(absl::StrContains(ParseEveryWay(absl::StrCat(head, chunks)), "bad chunk size"))
        << chunks;
  }
  EXPECT_TRUE(
      absl::StrContains(ParseEveryWay(absl::StrCat(head, "3\r\nhello\r\n")), "chunk is longer"));
}

TEST(ResponseParserErrors, RefusesHeadsAndLinesWithoutEnd) {
  const std::string endless(kMaxHeadBytes + 10, 'a');
  EXPECT_TRUE(absl::StrContains(Parse(absl::StrCat("HTTP/1.1 200 OK\r\nx: ", endless)),
                                "head over 262144 bytes"));
  EXPECT_TRUE(absl::StrContains(Parse(WithHeaders(absl::StrCat("x: ", endless, "\r\n"))),
                                "head over 262144 bytes"));
  const std::string chunked = WithHeaders("Transfer-Encoding: chunked\r\n");
  EXPECT_TRUE(absl::StrContains(Parse(absl::StrCat(chunked, "5;", endless)), "too long"));
  std::string trailers = absl::StrCat(chunked, "0\r\n");
  while (trailers.size() < kMaxHeadBytes + 1000)
    absl::StrAppend(&trailers, "trailer: ", endless.substr(0, 1000), "\r\n");
  EXPECT_TRUE(absl::StrContains(Parse(trailers), "trailers too long"));
}

TEST(ResponseParserErrors, RefusesProtocolsNobodyAskedFor) {
  EXPECT_TRUE(absl::StrContains(Parse("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
                                "switched protocols"));
}

TEST(ResponseParserErrors, NamesHeaderLinesWithoutColon) {
  EXPECT_TRUE(absl::StrContains(Parse(WithHeaders("nonsense\r\n")),
                                "header line without a name: \"nonsense\""));
}

TEST(ResponseParser, TellsTruncatedFromComplete) {
  EXPECT_TRUE(absl::StrContains(Parse(""), "before any byte"));
  EXPECT_TRUE(absl::StrContains(ParseEveryWay("HTTP/1.1 200 OK\r\nContent-"),
                                "inside the response head (truncated)"));
  EXPECT_TRUE(absl::StrContains(ParseEveryWay(WithHeaders("Content-Length: 6\r\n", "hello")),
                                "(truncated)"));
  const std::string chunked = WithHeaders("Transfer-Encoding: chunked\r\n");
  for (absl::string_view cut : {"", "5", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n",
                                "5\r\nhello\r\n0\r\n", "5\r\nhello\r\n0\r\nTrailer: x\r\n"}) {
    EXPECT_TRUE(absl::StrContains(ParseEveryWay(absl::StrCat(chunked, cut)), "(truncated)")) << cut;
  }
  EXPECT_EQ(ParseEveryWay(WithHeaders("", "hello")), "200 OK||close|hello|end");
}

TEST(ResponseParser, ReadsContentLengthBodies) {
  EXPECT_EQ(ParseEveryWay(
                WithHeaders("Content-Type: application/json\r\nContent-Length: 5\r\n", "hello")),
            "200 OK|application/json|keep|hello|end");
  EXPECT_EQ(ParseEveryWay(WithHeaders("content-length:0\r\n")), "200 OK||keep||end");
}

TEST(ResponseParser, ReadsChunkedBodies) {
  EXPECT_EQ(ParseEveryWay(
                WithHeaders("Transfer-Encoding: chunked\r\n",
                            "5\r\nhello\r\n6 ;ext=\"a;b\"\r\n world\r\n0\r\nTrailer: x\r\n\r\n")),
            "200 OK||keep|hello world|end");
  EXPECT_EQ(ParseEveryWay(
                WithHeaders("transfer-encoding: CHUNKED\r\n", "00A\r\n0123456789\r\n000\r\n\r\n")),
            "200 OK||keep|0123456789|end");
}

TEST(ResponseParser, TakesLineFeedAloneAsLineEnd) {
  EXPECT_EQ(ParseEveryWay("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"),
            "200 OK||keep|hello|end");
}

TEST(ResponseParser, ChunkedGoesBeforeLengthAndClosesTheConnection) {
  EXPECT_EQ(ParseEveryWay(WithHeaders("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                                      "5\r\nhello\r\n0\r\n\r\n")),
            "200 OK||close|hello|end");
}

TEST(ResponseParser, SkipsInterimHeads) {
  EXPECT_EQ(ParseEveryWay("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                          "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"),
            "201 Created||keep|ok|end");
}

TEST(ResponseParser, StatusesWithoutBodyEndWithTheirHead) {
  EXPECT_EQ(ParseEveryWay("HTTP/1.1 204 No Content\r\n\r\n"), "204 No Content||keep||end");
  EXPECT_EQ(ParseEveryWay("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"),
            "304 Not Modified||keep||end");
}

TEST(ResponseParser, ReasonMayBeMissing) {
  EXPECT_EQ(ParseEveryWay("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"), "200 ||keep||end");
  EXPECT_EQ(ParseEveryWay("HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n"), "503 ||keep||end");
}

TEST(ResponseParser, DecidesOnKeepAlive) {
  auto kept = [](absl::string_view version, absl::string_view connection) {
    return absl::StrContains(
        Parse(absl::StrCat(version, " 200 OK\r\nContent-Length: 0\r\n", connection, "\r\n")),
        "keep");
  };
  EXPECT_TRUE(kept("HTTP/1.1", ""));
  EXPECT_FALSE(kept("HTTP/1.0", ""));
  EXPECT_TRUE(kept("HTTP/1.0", "Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1", "connection: CLOSE\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1", "Connection: x, close ,y\r\n"));
  EXPECT_TRUE(kept("HTTP/1.1", "Connection: closed\r\n"));
}

TEST(ResponseParser, MatchesHeaderNamesWhole) {
  EXPECT_EQ(
      ParseEveryWay(WithHeaders("llm_provider-transfer-encoding: chunked\r\nx-content-length: 9\r\n"
                                "Content-Length: 2\r\n",
                                "ok")),
      "200 OK||keep|ok|end");
}

TEST(ResponseParser, UnfoldsHeaderLines) {
  EXPECT_EQ(
      ParseEveryWay(WithHeaders(
          "Content-Type: text/plain;\r\n  charset=utf-8\r\nContent-Length:\r\n\t2\r\n", "ok")),
      "200 OK|text/plain; charset=utf-8|keep|ok|end");
}

TEST(ResponseParser, TellsContentCodings) {
  EXPECT_EQ(ParseEveryWay(WithHeaders("Content-Encoding: gzip\r\nContent-Length: 0\r\n")),
            "200 OK||gzipkeep||end");
  EXPECT_EQ(ParseEveryWay(WithHeaders("Content-Encoding: Identity\r\nContent-Length: 0\r\n")),
            "200 OK||keep||end");
}

TEST(ResponseParser, LeavesBytesBehindTheEnd) {
  EXPECT_EQ(Parse(WithHeaders("Content-Length: 2\r\n", "okHTTP/1.1 200")),
            "200 OK||keep|ok|end+excess");
  EXPECT_EQ(Parse(WithHeaders("Transfer-Encoding: chunked\r\n", "0\r\n\r\nx")),
            "200 OK||keep||end+excess");
}

TEST(ResponseParser, ReadsTheNextResponseAfterReset) {
  ResponseParser parser;
  const std::string first = WithHeaders("Content-Length: 2\r\nContent-Type: a\r\n", "ok");
  const std::string second = WithHeaders("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n");
  const std::string both = first + second;
  absl::string_view bytes = both;
  EXPECT_EQ(parser.Next(&bytes), Step::kHead);
  EXPECT_EQ(parser.Next(&bytes), Step::kBody);
  EXPECT_EQ(parser.Next(&bytes), Step::kEnd);
  EXPECT_EQ(bytes, second);
  parser.Reset();
  EXPECT_FALSE(parser.started());
  EXPECT_EQ(parser.Next(&bytes), Step::kHead);
  EXPECT_EQ(parser.head().content_type, "");
  EXPECT_EQ(parser.Next(&bytes), Step::kBody);
  EXPECT_EQ(parser.Next(&bytes), Step::kEnd);
}

TEST(ResponseParser, BodyIsAPartOfTheRead) {
  ResponseParser parser;
  const std::string read = WithHeaders("Content-Length: 5\r\n", "hello");
  absl::string_view bytes = read;
  EXPECT_EQ(parser.Next(&bytes), Step::kHead);
  EXPECT_EQ(parser.Next(&bytes), Step::kBody);
  EXPECT_EQ(parser.body().data(), read.data() + read.size() - 5);
}

}  // namespace
}  // namespace drumfire
