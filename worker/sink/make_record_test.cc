// Does a record say what the exchange went through, and can it always be sent?
#include "worker/sink/make_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kMadeNs = 1'000'000;

v1::Record RecordOf(const Exchange& exchange, v1::RecordDetail detail = v1::RECORD_CHUNKS) {
  v1::Record record;
  MakeRecord(exchange, kMadeNs, detail, &record);
  return record;
}

TEST(MakeRecordTest, HostileErrorTextStillMakesARecordThatParses) {
  Exchange exchange;
  exchange.outcome = v1::OUTCOME_FAILED;
  exchange.error = v1::ERROR_HTTP_STATUS;
  exchange.error_message = std::string("\xFF\xC0\x80 caf\xC3", 8);
  exchange.http_reason = "\xED\xA0\x80";
  v1::Record parsed;
  ASSERT_TRUE(parsed.ParseFromString(RecordOf(exchange).SerializeAsString()));
  EXPECT_THAT(parsed.error().message(), ::testing::HasSubstr(" caf"));
  EXPECT_EQ(parsed.error().kind(), v1::ERROR_HTTP_STATUS);
}

TEST(MakeRecordTest, ErrorMessageStaysWithinItsBoundWhenReplacementsMakeItLonger) {
  Exchange exchange;
  exchange.outcome = v1::OUTCOME_FAILED;
  exchange.error_message = std::string(kMaxErrorMessageBytes, '\xFF');
  EXPECT_LE(RecordOf(exchange).error().message().size(), kMaxErrorMessageBytes);
}

TEST(MakeRecordTest, WhatDidNotHappenStaysSo) {
  const v1::Record record = RecordOf(Exchange());
  EXPECT_EQ(record.intended_ns(), -1);
  EXPECT_EQ(record.sent_ns(), -1);
  EXPECT_EQ(record.first_token_ns(), -1);
  EXPECT_EQ(record.end_ns(), -1);
  EXPECT_FALSE(record.has_error());
  EXPECT_FALSE(record.has_usage());
}

TEST(MakeRecordTest, TimesCountFromTheStartOfThePhase) {
  Exchange exchange;
  exchange.intended_ns = kMadeNs;
  exchange.ready_ns = kMadeNs - 1;  // not to be read as "did not happen"
  exchange.sent_ns = kMadeNs + 5;
  exchange.first_token_ns = kMadeNs + 70;
  exchange.end_ns = kMadeNs + 900;
  exchange.connect_ns = 33;  // a duration
  const v1::Record record = RecordOf(exchange);
  EXPECT_EQ(record.intended_ns(), 0);
  EXPECT_EQ(record.ready_ns(), 0);
  EXPECT_EQ(record.sent_ns(), 5);
  EXPECT_EQ(record.first_token_ns(), 70);
  EXPECT_EQ(record.end_ns(), 900);
  EXPECT_EQ(record.connect_ns(), 33);
}

TEST(MakeRecordTest, ADelayedAcknowledgementNeedsReadsInTime) {
  Exchange exchange;
  exchange.delayed_ack_ns = 41;
  exchange.delayed_ack_chunks = 3;
  EXPECT_EQ(RecordOf(exchange).delayed_ack_ns(), 41);
  EXPECT_EQ(RecordOf(exchange).delayed_ack_chunks(), 3u);
  exchange.own_coalesced_chunks = 1;
  EXPECT_EQ(RecordOf(exchange).delayed_ack_ns(), 0);
  EXPECT_EQ(RecordOf(exchange).delayed_ack_chunks(), 0u);
}

TEST(MakeRecordTest, HeldSlotIsTheTimeBehindTheAnswer) {
  Exchange exchange;
  exchange.end_ns = 500;
  exchange.over_ns = 540;
  EXPECT_EQ(RecordOf(exchange).slot_held_ns(), 40);
  exchange.over_ns = -1;  // never sent
  EXPECT_EQ(RecordOf(exchange).slot_held_ns(), 0);
}

TEST(MakeRecordTest, GapsAreKeptAsThePlanSaysAndNeverNegative) {
  Exchange exchange;
  exchange.gaps_ns = {10, -3, 20};
  exchange.content_chunks = 4;
  EXPECT_THAT(RecordOf(exchange).gaps_ns(), ElementsAre(10, 0, 20));
  const v1::Record without = RecordOf(exchange, v1::RECORD_REQUESTS);
  EXPECT_THAT(without.gaps_ns(), IsEmpty());
  EXPECT_EQ(without.content_chunks(), 4u);
}

TEST(MakeRecordTest, NamesTheRequest) {
  Exchange exchange;
  exchange.session = 1ull << 40;
  exchange.turn = 8;
  exchange.turns = 9;
  exchange.turn_delay_ns = 10;
  exchange.phase = 1;
  exchange.url = 2;
  exchange.model = 3;
  exchange.entry = 4;
  exchange.isl = 5;
  exchange.requested_osl = 6;
  exchange.http_status = 200;
  exchange.has_usage = true;
  exchange.usage.set_total_tokens(7);
  const v1::Record record = RecordOf(exchange);
  EXPECT_EQ(record.session(), 1ull << 40);
  EXPECT_EQ(record.turn(), 8u);
  EXPECT_EQ(record.turns(), 9u);
  EXPECT_EQ(record.turn_delay_ns(), 10);
  EXPECT_EQ(record.phase(), 1u);
  EXPECT_EQ(record.url(), 2u);
  EXPECT_EQ(record.model(), 3u);
  EXPECT_EQ(record.entry(), 4u);
  EXPECT_EQ(record.isl(), 5u);
  EXPECT_EQ(record.requested_osl(), 6u);
  EXPECT_EQ(record.http_status(), 200u);
  EXPECT_EQ(record.usage().total_tokens(), 7u);
}

}  // namespace
}  // namespace drumfire
