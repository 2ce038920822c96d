// Is a record that cannot be true refused with the field that shows it, and is every record that a
// worker makes let through?
#include "coordinator/ingest/record_check.h"

#include <functional>

#include "common/metrics/test_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

v1::Plan OnePhase() {
  v1::Plan plan;
  plan.add_urls("http://a");
  plan.add_models("m");
  plan.add_phases();
  return plan;
}

std::string Fault(const std::function<void(v1::Record*)>& spoil) {
  v1::Record record = test_records::Streamed(7, 2);
  spoil(&record);
  return std::string(CheckRecord(record, OnePhase()).message());
}

TEST(RecordCheckTest, NamesTheFieldThatCannotBe) {
  const std::pair<const char*, std::function<void(v1::Record*)>> cases[] = {
      {"phase cannot be 1", [](auto* r) { r->set_phase(1); }},
      {"phase cannot be 4294967295", [](auto* r) { r->set_phase(UINT32_MAX); }},
      {"url cannot be 1", [](auto* r) { r->set_url(1); }},
      {"model cannot be 1", [](auto* r) { r->set_model(1); }},
      {"turns cannot be 65537", [](auto* r) { r->set_turns(65'537); }},
      {"turn cannot be 3", [](auto* r) { r->set_turn(3), r->set_turns(3); }},
      {"turn cannot be 1", [](auto* r) { r->set_turn(1); }},
      {"outcome cannot be 9", [](auto* r) { r->set_outcome(static_cast<v1::Outcome>(9)); }},
      {"error.kind cannot be 99",
       [](auto* r) { r->mutable_error()->set_kind(static_cast<v1::ErrorClass>(99)); }},
      {"http_status cannot be 1000", [](auto* r) { r->set_http_status(1000); }},
      {"error's bytes cannot be 5000000",
       [](auto* r) { r->mutable_error()->set_message(std::string(5'000'000, 'x')); }},
      {"sent_ns cannot be -2", [](auto* r) { r->set_sent_ns(-2); }},
      {"sent_ns cannot be -1", [](auto* r) { r->set_sent_ns(-1); }},
      {"end_ns cannot be 9223372036854775807", [](auto* r) { r->set_end_ns(INT64_MAX); }},
      {"end_ns cannot be 1", [](auto* r) { r->set_end_ns(1); }},
      {"first_token_ns cannot be -5", [](auto* r) { r->set_first_token_ns(-5); }},
      {"intended_ns cannot be -9223372036854775808",
       [](auto* r) { r->set_intended_ns(INT64_MIN); }},
      {"dns_ns cannot be -1", [](auto* r) { r->set_dns_ns(-1); }},
      {"slot_held_ns cannot be 9223372036854775807",
       [](auto* r) { r->set_slot_held_ns(INT64_MAX); }},
      {"a gap of gaps_ns cannot be 18446744073709551615",
       [](auto* r) { r->set_gaps_ns(1, UINT64_MAX); }},
      {"output_tokens cannot be 4000000000", [](auto* r) { r->set_output_tokens(4'000'000'000); }},
      {"reasoning_tokens cannot be 4000000000",
       [](auto* r) { r->set_reasoning_tokens(4'000'000'000); }},
      {"the number of gaps_ns cannot be 4", [](auto* r) { r->set_content_chunks(3); }},
      {"coalesced_chunks cannot be 6", [](auto* r) { r->set_coalesced_chunks(6); }}};
  for (const auto& [text, spoil] : cases) {
    EXPECT_THAT(Fault(spoil), HasSubstr("session 7 of phase "));
    EXPECT_THAT(Fault(spoil), HasSubstr(text));
  }
}

TEST(RecordCheckTest, WhatWorkersSendPasses) {
  EXPECT_EQ(Fault([](v1::Record*) {}), "");
  EXPECT_EQ(CheckRecord(test_records::Failed(7, 2, 503, "x", "y"), OnePhase()), absl::OkStatus());
  EXPECT_EQ(Fault([](auto* r) { r->set_intended_ns(-1), r->set_ready_ns(-5); }), "");
  EXPECT_EQ(Fault([](auto* r) { r->set_turn(2), r->set_turns(3); }), "");
  // Never sent: dropped, or failed before its first byte.
  for (const v1::Outcome outcome : {v1::OUTCOME_DROPPED, v1::OUTCOME_FAILED}) {
    EXPECT_EQ(Fault([&](auto* r) { r->set_outcome(outcome), r->set_sent_ns(-1); }), "");
  }
}

}  // namespace
}  // namespace drumfire
