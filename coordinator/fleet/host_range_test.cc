// Do ranges in host names give the names that a cluster means by them, and never too many?
#include "coordinator/fleet/host_range.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kMost = 100;

std::vector<std::string> Expanded(absl::string_view text) {
  return ExpandHosts(text, kMost).value_or(std::vector<std::string>{"error"});
}

std::string ErrorOf(absl::string_view text) {
  return std::string(ExpandHosts(text, kMost).status().message());
}

TEST(HostRangeTest, SaysWhatIsWrong) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("missing"));
  EXPECT_THAT(ErrorOf("node[1-3"), HasSubstr("not closed"));
  EXPECT_THAT(ErrorOf("node[3-1]"), HasSubstr("lower number"));
  for (const char* text : {"node[]", "node[1,]", "node[a-b]", "node[1-2-3]", "node[-1]", "n[[1]]",
                           "n[1 ,2]", "n[1234567890]"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("in brackets stand numbers")) << text;
  }
  for (const char* text : {"no de", "node]", "a/b", "a:b", "a\nb", "h\xc3\xb6st"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("a host name has letters")) << text;
  }
  EXPECT_THAT(ErrorOf(std::string(254, 'a')), HasSubstr("at most 253"));
}

TEST(HostRangeTest, ExpandsNothingThatWouldBeTooMuch) {
  for (const char* text : {"n[1-101]", "n[000000000-999999999]", "n[1-50,1-51]", "n[1-11]r[1-10]",
                           "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("more than 100 workers")) << text;
  }
  EXPECT_EQ(Expanded("n[1-10]r[1-10]").size(), 100u);
}

TEST(HostRangeTest, KeepsTheZerosInFront) {
  EXPECT_THAT(Expanded("gpu[08-11]"), ElementsAre("gpu08", "gpu09", "gpu10", "gpu11"));
  EXPECT_THAT(Expanded("gpu[8-11]"), ElementsAre("gpu8", "gpu9", "gpu10", "gpu11"));
  EXPECT_THAT(Expanded("n[099-100,7]"), ElementsAre("n099", "n100", "n7"));
}

TEST(HostRangeTest, GroupsMayStandAnywhere) {
  EXPECT_THAT(Expanded("worker-[0-1].workers"),
              ElementsAre("worker-0.workers", "worker-1.workers"));
  EXPECT_THAT(Expanded("rack[1-2]n[3,5]"), ElementsAre("rack1n3", "rack1n5", "rack2n3", "rack2n5"));
  EXPECT_THAT(Expanded("[1-2]"), ElementsAre("1", "2"));
  EXPECT_THAT(Expanded("login1"), ElementsAre("login1"));
}

TEST(HostRangeTest, CommasInBracketsDoNotCut) {
  EXPECT_THAT(SplitHosts("gpu[01-03,07],login1"), ElementsAre("gpu[01-03,07]", "login1"));
  EXPECT_THAT(SplitHosts(",a:1, b:2\t,,c[1,2]:3\n"), ElementsAre("a:1", "b:2", "c[1,2]:3"));
  EXPECT_THAT(SplitHosts("a[1,2 b,c"), ElementsAre("a[1,2", "b", "c"));
  EXPECT_THAT(SplitHosts(" , "), IsEmpty());
}

}  // namespace
}  // namespace drumfire
