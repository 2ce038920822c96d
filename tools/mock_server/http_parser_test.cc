// Does the parser find the same requests however the bytes are split, and refuse anything else?
#include "tools/mock_server/http_parser.h"

#include <gtest/gtest.h>

#include <vector>

namespace drumfire::mock {
namespace {

using Progress = HttpParser::Progress;

constexpr absl::string_view kChunkedPost =
    "POST /v1/completions?x=1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "4;name=value\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\nTrailer: b\r\n\r\n";

absl::Status FirstError(absl::string_view bytes) {
  HttpParser parser;
  while (!bytes.empty()) {
    const absl::StatusOr<Progress> progress = parser.Feed(&bytes);
    if (!progress.ok()) return progress.status();
    if (*progress == Progress::kDone) return absl::OkStatus();
  }
  return absl::OkStatus();
}

// All requests of `bytes`, fed `step` bytes at a time.
std::vector<HttpRequest> ParseAll(absl::string_view bytes, size_t step) {
  std::vector<HttpRequest> found;
  HttpParser parser;
  while (!bytes.empty()) {
    absl::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      const absl::StatusOr<Progress> progress = parser.Feed(&piece);
      if (!progress.ok()) ADD_FAILURE() << progress.status();
      if (!progress.ok()) return found;
      if (*progress != Progress::kDone) continue;
      found.push_back(parser.request());
      parser.Reset();
    }
  }
  return found;
}

TEST(HttpParser, RefusesWhatIsNotHttp) {
  for (const absl::string_view bytes :
       {"\x16\x03\x01\x02garbage\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n: value\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(FirstError(bytes))) << bytes;
  }
}

TEST(HttpParser, RefusesWhatIsTooLarge) {
  const std::string long_head = "GET / HTTP/1.1\r\nA: " + std::string(70 << 10, 'a');
  EXPECT_TRUE(absl::IsResourceExhausted(FirstError(long_head)));
  EXPECT_TRUE(absl::IsResourceExhausted(
      FirstError("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n")));
  EXPECT_TRUE(absl::IsResourceExhausted(
      FirstError("POST / HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n")));
  EXPECT_TRUE(absl::IsResourceExhausted(
      FirstError("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n")));
  const std::string long_line =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(70 << 10, 'a');
  EXPECT_TRUE(absl::IsResourceExhausted(FirstError(long_line)));
}

TEST(HttpParser, ReadsTheHeadersThatMatter) {
  const std::vector<HttpRequest> found = ParseAll(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nx-request-ID:  id-1 \r\n"
      "Content-Type: application/json\r\nConnection: Keep-Alive, Close\r\nContent-Length: "
      "2\r\n\r\n{}",
      1000);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].method, "POST");
  EXPECT_EQ(found[0].path, "/v1/chat/completions");
  EXPECT_EQ(found[0].request_id, "id-1");
  EXPECT_EQ(found[0].content_type, "application/json");
  EXPECT_EQ(found[0].body, "{}");
}

TEST(HttpParser, KnowsWhoKeepsTheConnection) {
  EXPECT_TRUE(ParseAll("GET / HTTP/1.1\r\n\r\n", 99)[0].keep_alive);
  EXPECT_FALSE(ParseAll("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 99)[0].keep_alive);
  EXPECT_FALSE(ParseAll("GET / HTTP/1.0\r\n\r\n", 99)[0].keep_alive);
  EXPECT_TRUE(ParseAll("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 99)[0].keep_alive);
}

TEST(HttpParser, FindsPipelinedRequestsAtEveryCut) {
  const std::string bytes = std::string("GET /health HTTP/1.1\r\n\r\n") +
                            std::string(kChunkedPost) +
                            "\r\nPOST /b HTTP/1.1\nContent-Length: 3\n\nabc" +
                            "POST /c HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
  for (size_t step = 1; step <= bytes.size(); ++step) {
    const std::vector<HttpRequest> found = ParseAll(bytes, step);
    ASSERT_EQ(found.size(), 4u) << "step " << step;
    EXPECT_EQ(found[0].path, "/health");
    EXPECT_EQ(found[1].path, "/v1/completions");
    EXPECT_EQ(found[1].body, "{\"a\":1}") << "step " << step;
    EXPECT_EQ(found[2].body, "abc") << "step " << step;
    EXPECT_EQ(found[3].body, "") << "step " << step;
  }
}

TEST(HttpParser, TellsOfAClientThatWaitsForContinue) {
  HttpParser parser;
  absl::string_view head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(*parser.Feed(&head), Progress::kHeadDone);
  absl::string_view body = "{}";
  EXPECT_EQ(*parser.Feed(&body), Progress::kDone);
  EXPECT_EQ(parser.request().body, "{}");
}

TEST(HttpParser, TakesMegabytes) {
  const std::string body(3 << 20, 'x');
  const std::string bytes =
      "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::vector<HttpRequest> found = ParseAll(bytes, 1000);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].body, body);
}

}  // namespace
}  // namespace drumfire::mock
