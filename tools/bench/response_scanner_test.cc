// Are chunks and ends found at every cut of the bytes?
#include "tools/bench/response_scanner.h"

#include <gtest/gtest.h>

namespace drumfire::bench {
namespace {

using Progress = ResponseScanner::Progress;

struct Scan {
  int chunks = 0;
  int answers = 0;
  bool bad = false;
};

Scan ScanAll(absl::string_view bytes, size_t step) {
  Scan scan;
  ResponseScanner scanner;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    const Progress progress =
        scanner.Feed(bytes.substr(0, step), [&scan](absl::string_view) { ++scan.chunks; });
    scan.answers += progress == Progress::kDone;
    scan.bad |= progress == Progress::kBad;
  }
  return scan;
}

TEST(ResponseScanner, OtherStatusIsBad) {
  EXPECT_TRUE(ScanAll("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 1).bad);
}

TEST(ResponseScanner, CountsChunksAtEveryCut) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\nabcde\r\n10\r\n0123456789abcdef\r\n"
      "0\r\n\r\n";
  for (size_t step = 1; step <= bytes.size(); ++step) {
    const Scan scan = ScanAll(bytes, step);
    EXPECT_EQ(scan.chunks, 2) << step;
    EXPECT_EQ(scan.answers, 1) << step;
  }
}

TEST(ResponseScanner, FindsTheEndOfASizedBody) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 4\r\n\r\n{\"\"}";
  for (size_t step = 1; step <= bytes.size(); ++step) {
    EXPECT_EQ(ScanAll(bytes + bytes, step == bytes.size() ? step : 1).answers, 2) << step;
  }
}

TEST(ResponseScanner, HandsOutTheBytesOfAChunk) {
  ResponseScanner scanner;
  std::string seen;
  scanner.Feed("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
               [&seen](absl::string_view chunk) { seen = std::string(chunk); });
  EXPECT_EQ(seen, "abc");
}

}  // namespace
}  // namespace drumfire::bench
