// Are requests made ahead, the lowest session first, and is what is not prepared yet known?
#include "worker/dispatch/request_maker.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

class Conversations : public Dataset {
 public:
  uint64_t size() const override { return 4; }
  EntryInfo Info(uint64_t) const override { return {.turns = 3}; }
  TurnInfo Turn(uint64_t, uint32_t turn) const override {
    return {.isl = turn + 1, .requested_osl = 10 + turn, .delay_ns = turn * 100};
  }
  bool has_conversations() const override { return true; }
  void AppendText(uint64_t id, uint32_t turn, uint32_t, std::string* out) const override {
    absl::StrAppend(out, "text ", id, turn == 0 ? "" : absl::StrCat(", turn ", turn));
  }
};

class RequestMakerTest : public testing::Test {
 protected:
  RequestMakerTest() {
    plan_.add_urls("http://h:1");
    plan_.add_models("m");
    plan_.mutable_dataset()->set_entries(4);
    v1::Phase* phase = plan_.add_phases();
    phase->set_kind(v1::PHASE_PROFILING);
    phase->set_mode(v1::LOAD_RATE);
    phase->set_request_rate(1000);
    phase->set_request_count(1000);
    builder_ = RequestBuilder::Create(plan_, {}, &dataset_).value();
    bodies_ = std::make_unique<BodyCache>(builder_.get(), 1 << 20);
  }

  void Start(size_t max_requests) {
    queue_ = std::make_unique<ReadyQueue>(max_requests, 1 << 20,
                                          ReadyQueue::Wakers{[] {}, [this] { ++maker_wakes_; }});
    maker_ = std::make_unique<RequestMaker>(
        RequestMakerInputs{&plan_, &dataset_, builder_.get(), std::string(16, 'r'), 0, &refusal_},
        bodies_.get(), queue_.get());
  }
  // Steps until the maker has nothing to do.
  void MakeAll() {
    while (maker_->Step(0) != kNever) continue;
  }

  void Grant(uint64_t first, uint64_t count, uint64_t stride) {
    v1::Grant grant;
    grant.set_first(first);
    grant.set_count(count);
    grant.set_stride(stride);
    EXPECT_TRUE(maker_->Add(grant).ok());
  }

  std::vector<uint64_t> TakeAll() {
    std::vector<uint64_t> taken;
    queue_->TakeAll(&ready_);
    for (; !ready_.empty(); ready_.pop_front()) {
      taken.push_back(ready_.front()->session);
      queue_->Release(*ready_.front());
    }
    return taken;
  }

  v1::Plan plan_;
  Conversations dataset_;
  std::unique_ptr<RequestBuilder> builder_;
  std::unique_ptr<BodyCache> bodies_;
  UsageRefusal refusal_;
  std::unique_ptr<ReadyQueue> queue_;
  std::unique_ptr<RequestMaker> maker_;
  int maker_wakes_ = 0;
  std::deque<std::unique_ptr<Exchange>> ready_;
};

TEST_F(RequestMakerTest, AnEmptyGrantIsNothing) {
  Start(100);
  Grant(3, 0, 1);
  MakeAll();
  EXPECT_EQ(queue_->lowest_unprepared(), kNoCredit);
  EXPECT_TRUE(TakeAll().empty());
}

TEST_F(RequestMakerTest, MakesRequestsOfTheSchedule) {
  Start(100);
  Grant(1, 2, 3);
  MakeAll();
  queue_->TakeAll(&ready_);
  ASSERT_EQ(ready_.size(), 2u);
  ScheduleCursor cursor(plan_, 0, &dataset_);
  for (const auto& exchange : ready_) {
    const ScheduledSession session = cursor.At(exchange->session);
    EXPECT_EQ(exchange->intended_ns, session.intended_ns);
    EXPECT_EQ(exchange->entry, session.entry);
    std::string body;
    builder_->AppendBody({.entry = session.entry}, 0, &body);
    EXPECT_EQ(*exchange->body, body);
  }
  EXPECT_EQ(ready_[1]->session, 4u);
}

// The I/O loop copies no body.
TEST_F(RequestMakerTest, AFieldThatAServerRefusedIsLeftOut) {
  plan_.mutable_endpoint()->set_streaming(true);
  builder_ = RequestBuilder::Create(plan_, {}, &dataset_).value();
  bodies_ = std::make_unique<BodyCache>(builder_.get(), 1 << 20);
  Exchange refused;
  refused.head = "Content-Length: 0\r\n\r\n";
  refused.body = bodies_->Get(0, 0);
  ASSERT_TRUE(absl::StrContains(*refused.body, "stream_options"));
  (void)refusal_.Again(refused);
  Start(100);
  Grant(0, 8, 1);  // each entry twice
  MakeAll();
  queue_->TakeAll(&ready_);
  std::set<const std::string*> bodies;
  for (const auto& exchange : ready_) {
    EXPECT_TRUE(exchange->without_usage);
    EXPECT_FALSE(absl::StrContains(*exchange->body, "stream_options"));
    bodies.insert(exchange->body.get());
  }
  EXPECT_EQ(bodies.size(), dataset_.size()) << "one for each entry";
}

TEST_F(RequestMakerTest, RangesPastTheBoundAreRefused) {
  Start(1);
  v1::Grant one;
  one.set_count(1);
  one.set_stride(1);
  for (uint64_t k = 0; k < RequestMaker::kMostRanges; ++k) {
    one.set_first(2 * k);
    ASSERT_TRUE(maker_->Add(one).ok());
  }
  one.set_first(2 * RequestMaker::kMostRanges);
  EXPECT_EQ(maker_->Add(one).code(), absl::StatusCode::kResourceExhausted);
  MakeAll();
  EXPECT_TRUE(maker_->Add(one).ok()) << "one is ready, one waits for room";
}

TEST_F(RequestMakerTest, CreditsThatItHoldsAreRefused) {
  Start(1);
  Grant(0, 10, 2);
  v1::Grant overlapping;
  overlapping.set_first(18);
  overlapping.set_count(1);
  EXPECT_FALSE(maker_->Add(overlapping).ok());
  Grant(1, 10, 2);
  MakeAll();
  EXPECT_EQ(queue_->lowest_unprepared(), 1u);
}

// A step that walked the whole way would be deaf to the end of the phase for hours.
TEST_F(RequestMakerTest, AFarSessionIsReachedInBoundedSteps) {
  plan_.mutable_phases(0)->set_arrival_pattern(v1::ARRIVAL_POISSON);
  Start(100);
  Grant(uint64_t{1} << 39, 1, 1);
  EXPECT_NE(maker_->Step(0), kNever) << "it is under way";
  EXPECT_TRUE(TakeAll().empty());
  EXPECT_EQ(queue_->lowest_unprepared(), uint64_t{1} << 39);
}

TEST_F(RequestMakerTest, AFurtherTurnDoesNotWaitForAFarSession) {
  plan_.mutable_phases(0)->set_arrival_pattern(v1::ARRIVAL_POISSON);
  Start(100);
  Grant(uint64_t{1} << 39, 1, 1);
  (void)maker_->Step(0);
  auto next = std::make_unique<Exchange>();
  next->turn = 1;
  next->turns = 3;
  next->replies = {"reply"};
  maker_->AddNext(std::move(next));
  (void)maker_->Step(0);
  EXPECT_EQ(queue_->TakeNext().size(), 1u);
}

TEST_F(RequestMakerTest, AFullQueueKeepsTheRestUnprepared) {
  Start(2);
  Grant(0, 10, 1);
  MakeAll();
  EXPECT_EQ(queue_->lowest_unprepared(), 2u) << "the one that waits for room counts";
  EXPECT_EQ(TakeAll(), (std::vector<uint64_t>{0, 1}));
  EXPECT_EQ(maker_wakes_, 1);
  MakeAll();
  EXPECT_EQ(TakeAll(), (std::vector<uint64_t>{2, 3})) << "none is lost for want of room";
}

TEST_F(RequestMakerTest, TheLowestOfAllRangesComesFirst) {
  Start(1);
  Grant(100, 3, 2);
  MakeAll();        // 100 is in the queue, 102 waits for room
  Grant(7, 2, 90);  // 7 97
  std::vector<uint64_t> order;
  while (order.size() < 5) {
    for (const uint64_t k : TakeAll()) order.push_back(k);
    MakeAll();
  }
  EXPECT_EQ(order, (std::vector<uint64_t>{100, 102, 7, 97, 104}));
}

TEST_F(RequestMakerTest, SaysOnceThatItIsAhead) {
  Start(100);
  int ahead = 0;
  maker_->WhenAhead([&] { ++ahead; });
  EXPECT_EQ(ahead, 0) << "only from inside a step";
  MakeAll();
  EXPECT_EQ(ahead, 1) << "there is nothing to make";
  Grant(0, 3, 1);
  maker_->WhenAhead([&] { ++ahead; });
  MakeAll();
  EXPECT_EQ(ahead, 2);
  MakeAll();
  EXPECT_EQ(ahead, 2);
}

TEST_F(RequestMakerTest, AFullQueueIsAheadToo) {
  Start(1);
  Grant(0, 5, 1);
  bool ahead = false;
  maker_->WhenAhead([&] { ahead = true; });
  MakeAll();
  EXPECT_TRUE(ahead);
}

TEST_F(RequestMakerTest, BodiesAreSharedAsLongAsTheyFit) {
  const auto first = bodies_->Get(1, 0);
  EXPECT_EQ(bodies_->Get(1, 0), first);
  BodyCache small(builder_.get(), 1);
  const auto body = small.Get(1, 0);
  EXPECT_EQ(*body, *first);
  EXPECT_NE(small.Get(1, 0), body);
}

class NextTurnTest : public RequestMakerTest {
 protected:
  // Turn 1 of session 5, as the dispatcher hands it over.
  std::unique_ptr<Exchange> NextTurn(const std::string& escaped_reply) {
    auto next = std::make_unique<Exchange>();
    next->session = 5;
    next->turn = 1;
    next->turns = 3;
    next->entry = 1;
    next->ready_ns = 7000;
    next->replies = {escaped_reply};
    return next;
  }
};

TEST_F(NextTurnTest, IsMadeFromTheReplyAndDueAfterItsDelay) {
  Start(100);
  maker_->AddNext(NextTurn(R"(a \"b\"\u00e9)"));
  MakeAll();
  const auto next = queue_->TakeNext();
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0]->ready_ns, 7100);
  EXPECT_EQ(next[0]->intended_ns, 7100) << "an open loop";
  EXPECT_EQ(next[0]->turn_delay_ns, 100);
  EXPECT_EQ(next[0]->isl, 3u) << "of both texts";
  EXPECT_EQ(next[0]->requested_osl, 11u);
  const std::vector<std::string> replies = {"a \"b\"\u00e9"};
  EXPECT_EQ(next[0]->replies, replies) << "unescaped, for the turn after it";
  std::string body;
  builder_->AppendBody({.entry = 1, .turn = 1, .replies = replies}, 0, &body);
  EXPECT_EQ(*next[0]->body, body);
  EXPECT_TRUE(absl::StrContains(next[0]->head, absl::StrCat("Content-Length: ", body.size())));
}

TEST_F(NextTurnTest, HasARequestIdOfItsOwnAndTheSessionsCorrelationId) {
  Start(100);
  Grant(5, 1, 1);
  maker_->AddNext(NextTurn("a"));
  MakeAll();
  queue_->TakeAll(&ready_);
  const auto next = queue_->TakeNext();
  const PhaseRequestIds ids(std::string(16, 'r'), 0);
  EXPECT_NE(ids.RequestId(5, 0), ids.RequestId(5, 1));
  EXPECT_TRUE(absl::StrContains(ready_.at(0)->head, ids.RequestId(5, 0)));
  EXPECT_TRUE(absl::StrContains(next.at(0)->head, ids.RequestId(5, 1)));
  EXPECT_TRUE(absl::StrContains(next.at(0)->head, ids.CorrelationId(5)));
}

TEST_F(NextTurnTest, IsMadeWhileFirstTurnsWaitForRoom) {
  Start(1);
  Grant(0, 10, 1);
  MakeAll();
  maker_->AddNext(NextTurn("a"));
  MakeAll();
  EXPECT_EQ(queue_->TakeNext().size(), 1u);
}

// Only a confused coordinator grants it.
TEST_F(NextTurnTest, ACreditBeyondTheScheduleIsASingleRequest) {
  plan_.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
  plan_.mutable_phases(0)->set_request_count(2);
  Start(100);
  Grant(uint64_t{1} << 39, 1, 1);
  MakeAll();
  queue_->TakeAll(&ready_);
  EXPECT_EQ(ready_.at(0)->turns, 1u);
}

TEST_F(NextTurnTest, HasNoIntendedTimeInAClosedLoop) {
  plan_.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
  Start(100);
  maker_->AddNext(NextTurn("a"));
  MakeAll();
  EXPECT_EQ(queue_->TakeNext().at(0)->intended_ns, -1);
}

}  // namespace
}  // namespace drumfire
