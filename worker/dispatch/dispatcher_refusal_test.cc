// Is a request sent again without the field that a server refuses, in the same slot, and no other
// request with it from then on?
#include <string>

#include "gtest/gtest.h"
#include "worker/dispatch/dispatcher_fixture.h"

namespace drumfire {
namespace {

class RefusalTest : public ::drumfire::testutil::DispatcherFixture {
 protected:
  // Hands out streaming requests as the request builder makes them.
  void GrantStreams(uint64_t count, bool last = true) {
    for (uint64_t i = 0; i < count; ++i) {
      auto exchange = std::make_unique<Exchange>();
      exchange->session = granted_++;
      exchange->body = std::make_shared<const std::string>(
          R"({"messages":[],"stream":true,"stream_options":{"include_usage":true}})");
      exchange->head = "POST / HTTP/1.1\r\nContent-Length: 68\r\n\r\n";
      queue_.Push(&exchange);
    }
    dispatcher_->OnGranted(granted_, last);
  }

  void Refuse(const std::string& message, int status = 400) {
    engine_.flying[0]->http_status = status;
    engine_.flying[0]->error = v1::ERROR_HTTP_STATUS;
    engine_.flying[0]->error_message = message;
    engine_.Finish(0, v1::OUTCOME_FAILED);
  }
};

TEST_F(RefusalTest, ARefusedFieldIsLeftOutFromThenOn) {
  Make({.slots = 1});
  GrantStreams(2);
  dispatcher_->Start(0);
  Step(0);
  SetNow(40);
  Refuse(R"({"error":"Unknown parameter: 'stream_options'"})");
  ASSERT_EQ(engine_.in_flight(), 1u);
  const Exchange& again = *engine_.flying[0];
  EXPECT_EQ(again.session, 0u);
  EXPECT_EQ(*again.body, R"({"messages":[],"stream":true})");
  EXPECT_EQ(again.head, "POST / HTTP/1.1\r\nContent-Length: 29\r\n\r\n");
  EXPECT_EQ(again.ready_ns, 40);
  EXPECT_TRUE(again.without_usage);
  EXPECT_TRUE(records_.empty()) << "the request is not over";
  engine_.Finish(0);
  EXPECT_EQ(*engine_.flying[0]->body, R"({"messages":[],"stream":true})") << "the next, at once";
  engine_.Finish(0);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().sent(), 2u);
  EXPECT_EQ(dispatcher_->totals().completed(), 2u);
}

TEST_F(RefusalTest, OtherRefusalsAreFailures) {
  Make({.slots = 3});
  GrantStreams(3);
  dispatcher_->Start(0);
  Step(0);
  Refuse("Unknown parameter: 'top_k'");
  Refuse("stream_options", 500);
  dispatcher_->Drain(0, -1);
  Refuse("stream_options");  // nothing is sent any more
  EXPECT_EQ(dispatcher_->totals().failed(), 3u);
  EXPECT_EQ(records_.size(), 3u);
}

}  // namespace
}  // namespace drumfire
