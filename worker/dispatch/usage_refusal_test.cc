// Is the refused field taken out once for all requests of an entry, and nothing kept in vain?
#include "worker/dispatch/usage_refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/dialect/openai.h"

namespace drumfire {
namespace {

using ::testing::EndsWith;

using Body = std::shared_ptr<const std::string>;

Body FullBody() {
  return std::make_shared<const std::string>(absl::StrCat(R"({"stream":true)", kAskForUsage, "}"));
}

std::unique_ptr<Exchange> RequestWith(Body body, uint64_t entry = 0) {
  auto exchange = std::make_unique<Exchange>();
  exchange->entry = entry;
  exchange->head = absl::StrCat("POST / HTTP/1.1\r\nContent-Length: ", body->size(), "\r\n\r\n");
  exchange->body = std::move(body);
  return exchange;
}

class UsageRefusalTest : public testing::Test {
 protected:
  void Refuse() { refusal_.Again(*RequestWith(FullBody(), 99)); }
  // As it is sent.
  Body Prepared(Body body, uint64_t entry) {
    const auto exchange = RequestWith(std::move(body), entry);
    refusal_.Prepare(exchange.get());
    return exchange->body;
  }

  UsageRefusal refusal_;
};

TEST_F(UsageRefusalTest, NothingChangesBeforeARefusal) {
  const Body full = FullBody();
  EXPECT_EQ(Prepared(full, 1), full);
}

TEST_F(UsageRefusalTest, TheFieldIsTakenOutAndTheLengthSet) {
  Refuse();
  const auto exchange = RequestWith(FullBody());
  refusal_.Prepare(exchange.get());
  EXPECT_EQ(*exchange->body, R"({"stream":true})");
  EXPECT_THAT(exchange->head, EndsWith("\r\nContent-Length: 15\r\n\r\n"));
  EXPECT_TRUE(exchange->without_usage);
}

TEST_F(UsageRefusalTest, TheRequestThatIsSentAgainIsTheSame) {
  auto refused = RequestWith(FullBody(), 7);
  refused->session = 5;
  refused->turn = 2;
  refused->turns = 4;
  refused->replies = {"first", "second"};
  refused->intended_ns = 10;
  refused->end_ns = 30;
  refused->http_status = 400;
  const auto again = refusal_.Again(*refused);
  EXPECT_EQ(again->entry, 7u);
  EXPECT_EQ(again->session, 5u);
  EXPECT_EQ(again->turn, 2u);
  EXPECT_EQ(again->turns, 4u);
  EXPECT_EQ(again->replies, refused->replies) << "the turn after it needs them";
  EXPECT_EQ(again->intended_ns, 10);
  EXPECT_EQ(again->ready_ns, 30) << "it could not be sent earlier";
  EXPECT_EQ(again->http_status, 0) << "no response yet";
}

// Its body holds the replies of its own session.
TEST_F(UsageRefusalTest, TheBodyOfALaterTurnIsNobodyElses) {
  const Body first = FullBody();
  const Body later = std::make_shared<const std::string>(
      absl::StrCat(R"({"later":1,"stream":true)", kAskForUsage, "}"));
  auto refused = RequestWith(later, 7);
  refused->turn = 1;
  EXPECT_EQ(*refusal_.Again(*refused)->body, R"({"later":1,"stream":true})");
  EXPECT_EQ(*Prepared(first, 7), R"({"stream":true})");
  EXPECT_EQ(*refusal_.Again(*refused)->body, R"({"later":1,"stream":true})");
}

TEST_F(UsageRefusalTest, RequestsOfOneEntryShareTheirBody) {
  Refuse();
  const Body full = FullBody();
  EXPECT_EQ(Prepared(full, 1), Prepared(full, 1));
  EXPECT_NE(Prepared(full, 1), Prepared(full, 2));
}

TEST_F(UsageRefusalTest, ABodyOfOneRequestIsNotKept) {
  Refuse();
  EXPECT_EQ(Prepared(FullBody(), 1).use_count(), 1);
}

}  // namespace
}  // namespace drumfire
