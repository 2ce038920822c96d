// Are errors grouped that differ only by a time, a port or an id, and no others?
#include "coordinator/results/error_group.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

void ExpectAlike(const char* one, const char* other) {
  EXPECT_EQ(ErrorGroupOf(one), ErrorGroupOf(other));
}

void ExpectApart(const char* one, const char* other) {
  EXPECT_NE(ErrorGroupOf(one), ErrorGroupOf(other)) << one;
}

TEST(ErrorGroup, TimesPortsAndIdsDoNotMatter) {
  ExpectAlike("Failed to connect to a port 80 after 0 ms: refused",
              "Failed to connect to a port 80 after 12 ms: refused");
  ExpectAlike("took 12ms", "took 3ms");
  ExpectAlike("took 12.5 s", "took 3 s");
  ExpectAlike("read 10.0.0.1:53122 reset", "read 10.0.0.1:40044 reset");
  ExpectAlike("request chatcmpl-b88f0a11 failed", "request chatcmpl-77aa0b19 failed");
  ExpectAlike("id 550e8400-e29b-41d4-a716-446655440000 unknown",
              "id 123e4567-e89b-12d3-a456-426614174000 unknown");
  ExpectAlike("context of 8192 exceeded: 9000 tokens", "context of 8192 exceeded: 9001 tokens");
}

TEST(ErrorGroup, WordsAndAddressesDo) {
  ExpectApart("connection refused", "connection reset");
  ExpectApart("read 10.0.0.1:53122 reset", "read 10.0.0.2:53122 reset");
  ExpectApart("host node01 is down", "host node02 is down");
  ExpectApart("connect to vm:8001: refused", "connect to vm:8002: refused");
}

TEST(ErrorGroup, TheRestOfAConnectsMessageIsGroupedToo) {
  ExpectAlike("connect to vm:8001: refused after 1 ms", "connect to vm:8001: refused after 2 ms");
}

TEST(ErrorGroup, AnyTextIsTaken) {
  EXPECT_EQ(ErrorGroupOf(""), "");
  EXPECT_EQ(ErrorGroupOf("connect to "), "connect to ");
  EXPECT_EQ(ErrorGroupOf("connect to x"), "connect to x");
  EXPECT_EQ(ErrorGroupOf("1.2.3"), "#");
  EXPECT_EQ(ErrorGroupOf("\xff\x80 7"), "\xff\x80 #");
}

}  // namespace
}  // namespace drumfire
