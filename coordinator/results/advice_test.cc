// Is the reader told what a server's manners did to the figures, and only then?
#include "coordinator/results/advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::Plan Streaming() {
  v1::Plan plan;
  plan.mutable_endpoint()->set_streaming(true);
  return plan;
}

AnswerManners Refused(uint32_t code, const std::string& message) {
  AnswerManners manners;
  manners.errors.push_back({{code, "Bad Request", message}, 3});
  return manners;
}

TEST(Advice, NamesTheFlagWhenStreamOptionsAreRefused) {
  const auto refused = Refused(400, R"({"error":"Unknown parameter: 'stream_options'."})");
  EXPECT_THAT(AdviceOf(Streaming(), refused), ElementsAre(HasSubstr("--no-stream-usage")));
  v1::Plan without = Streaming();
  without.mutable_endpoint()->set_omit_stream_usage(true);
  EXPECT_THAT(AdviceOf(without, refused), IsEmpty());
  EXPECT_THAT(AdviceOf(Streaming(), Refused(400, "Unknown parameter: 'top_k'")), IsEmpty());
  EXPECT_THAT(AdviceOf(Streaming(), Refused(0, "stream_options")), IsEmpty());
}

TEST(Advice, CountsRequestsThatWentWithoutStreamOptions) {
  AnswerManners manners;
  manners.without_usage = 7;
  EXPECT_THAT(AdviceOf(Streaming(), manners),
              ElementsAre(HasSubstr("7 requests were sent without")));
}

TEST(Advice, CountsAnswersThatWereNoStream) {
  AnswerManners manners;
  manners.answers = 5;
  manners.unstreamed = 2;
  EXPECT_THAT(AdviceOf(Streaming(), manners), ElementsAre(HasSubstr("2 of 5 answers came whole")));
  EXPECT_THAT(AdviceOf(v1::Plan(), manners), IsEmpty());
}

}  // namespace
}  // namespace drumfire
