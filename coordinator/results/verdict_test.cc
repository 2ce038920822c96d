// Does each fault give its level, and does only the client make a run INVALID?
#include "coordinator/results/verdict.h"

#include <algorithm>
#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

struct Case {
  const char* check;
  VerdictStatus status;
  FaultSource fault;
  std::function<void(VerdictInputs*)> change;
};

class VerdictTest : public ::testing::TestWithParam<Case> {};

TEST_P(VerdictTest, OneFaultGivesOneReason) {
  VerdictInputs inputs;
  inputs.requests = 1000;
  inputs.completed = 900;
  inputs.hiccups_measured = true;
  GetParam().change(&inputs);
  const Verdict verdict = Judge(inputs);
  EXPECT_EQ(verdict.status, GetParam().status);
  ASSERT_EQ(verdict.reasons.size(), 1u);
  EXPECT_EQ(verdict.reasons[0].check, GetParam().check);
  EXPECT_EQ(verdict.reasons[0].fault, GetParam().fault);
  EXPECT_FALSE(verdict.reasons[0].text.empty());
}

constexpr VerdictStatus kInvalid = VerdictStatus::kInvalid;
constexpr VerdictStatus kSuspect = VerdictStatus::kSuspect;

INSTANTIATE_TEST_SUITE_P(
    Faults, VerdictTest,
    ::testing::Values(Case{"open_sums", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) { in->open_sums = {"one is missing"}; }},
                      Case{"different_histograms", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->different_histograms = {"request_latency"};
                           }},
                      Case{"lost_workers", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) { in->lost_workers = 1; }},
                      Case{"nothing_measured", VerdictStatus::kFailed, FaultSource::kUnknown,
                           [](VerdictInputs* in) { in->nothing_measured = true; }},
                      Case{"unplanned_cached_share", kSuspect, FaultSource::kServer,
                           [](VerdictInputs* in) {
                             in->cached_share = 0.5;
                             in->unplanned_cached_share = 0.051;
                           }},
                      Case{"clock_stepped", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) { in->clock_stepped = true; }},
                      Case{"client_rate_ratio", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->client_rate_ratio = in->rate_ratio = 0.949;
                           }},
                      Case{"client_rate_ratio", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->client_rate_ratio = in->rate_ratio = 0.989;
                           }},
                      Case{"rate_ratio", kSuspect, FaultSource::kServer,
                           [](VerdictInputs* in) {
                             in->client_rate_ratio = 1;
                             in->rate_ratio = 0.3;
                             in->has_cap = true;
                           }},
                      // Without a cap no slot can be held.
                      Case{"rate_ratio", kSuspect, FaultSource::kUnknown,
                           [](VerdictInputs* in) {
                             in->client_rate_ratio = 1;
                             in->rate_ratio = 0.3;
                           }},
                      Case{"concurrency_ratio", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->concurrency_ratio = 0.94;
                             in->sending_ms = 1000;
                           }},
                      Case{"send_delay_p99_ms", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) { in->send_delay_p99_ms = 50.1; }},
                      Case{"send_delay_p99_ms", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->send_delay_p99_ms = 5.1;
                             in->response_p50_ms = 50;
                           }},
                      Case{"send_delay_p99_ms", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->send_delay_p99_ms = 4.9;
                             in->response_p50_ms = 50;
                           }},
                      Case{"hiccup_share", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->hiccups = 3;
                             in->hiccup_share = 0.011;
                           }},
                      Case{"slot_loss_share", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->is_closed_loop = true;
                             in->send_delay_p99_ms = 1.1;
                             in->slot_loss_share = 0.06;
                           }},
                      Case{"slot_loss_share", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->is_closed_loop = true;
                             in->send_delay_p99_ms = 1.1;
                             in->slot_loss_share = 0.11;
                           }},
                      Case{"cpu_share", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->cpu_share = 0.86; }},
                      Case{"throttled_share", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->throttled_share = 0.011; }},
                      Case{"incomplete_journal", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->journal_fault = "disk full"; }},
                      Case{"damaged_frames", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->damaged_frames = 2;
                             in->records_missing = 1;
                           }},
                      Case{"records_dropped", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->records_dropped = 1; }},
                      Case{"tokenizer_overflows", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->tokenizer_overflows = 1; }},
                      Case{"tokenizer_assumed", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->tokenizer_assumed = true; }},
                      Case{"refused_stamp_share", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->stamps = 100;
                             in->refused_stamps = 6;
                           }},
                      Case{"coalesced_chunk_share", kSuspect, FaultSource::kServerOrPath,
                           [](VerdictInputs* in) { in->coalesced_share = 0.06; }},
                      Case{"coalesced_chunk_share", kSuspect, FaultSource::kUnknown,
                           [](VerdictInputs* in) {
                             in->coalesced_share = 0.06;
                             in->hiccups_measured = false;
                           }},
                      Case{"own_coalesced_chunk_share", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) {
                             in->coalesced_share = in->own_coalesced_share = 0.06;
                           }},
                      Case{"connect_wait_p99_ms", kSuspect, FaultSource::kNetwork,
                           [](VerdictInputs* in) { in->connect_wait_p99_ms = 51; }},
                      Case{"connect_share", kSuspect, FaultSource::kNetwork,
                           [](VerdictInputs* in) { in->replaced = 11; }},
                      Case{"client_error_share", kSuspect, FaultSource::kClient,
                           [](VerdictInputs* in) { in->client_errors = 1; }},
                      Case{"client_error_share", kInvalid, FaultSource::kClient,
                           [](VerdictInputs* in) { in->client_errors = 20; }},
                      Case{"error_share", kSuspect, FaultSource::kServer,
                           [](VerdictInputs* in) { in->errors = 11; }},
                      Case{"error_share", kSuspect, FaultSource::kNetwork,
                           [](VerdictInputs* in) { in->errors = in->network_errors = 11; }}));

TEST(JudgeTest, FiguresAtTheirBoundsAreValid) {
  VerdictInputs inputs;
  inputs.requests = 1000;
  inputs.rate_ratio = inputs.client_rate_ratio = 0.99;
  inputs.concurrency_ratio = 0.95;
  inputs.sending_ms = 5000;
  inputs.send_delay_p99_ms = 2;
  inputs.response_p50_ms = 2;
  inputs.hiccups = 3;
  inputs.hiccup_share = 0.01;
  inputs.cpu_share = 0.85;
  inputs.throttled_share = 0.01;
  inputs.coalesced_share = 0.05;
  inputs.completed = 990;
  inputs.replaced = inputs.errors = 10;
  inputs.stamps = 100;
  inputs.refused_stamps = 5;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
}

TEST(JudgeTest, WorstReasonStandsFirst) {
  VerdictInputs inputs;
  inputs.hiccups = 3;
  inputs.hiccup_share = 0.5;
  inputs.clock_stepped = true;
  const Verdict verdict = Judge(inputs);
  ASSERT_EQ(verdict.reasons.size(), 2u);
  EXPECT_EQ(verdict.status, VerdictStatus::kInvalid);
  EXPECT_EQ(verdict.reasons[0].check, "clock_stepped");
}

TEST(JudgeTest, NamesTheFirstOfManyProblems) {
  VerdictInputs inputs;
  inputs.open_sums = {"a", "b", "c", "d", "e"};
  EXPECT_THAT(Judge(inputs).reasons[0].text, HasSubstr("a; b; c and 2 more"));
}

// Neither a late client nor a slow server: nothing to send them on.
TEST(Verdict, RequestsWithoutAConnectionAreNotTheServersSlots) {
  VerdictInputs inputs;
  inputs.client_rate_ratio = 1;
  inputs.rate_ratio = 0.3;
  inputs.unsent = 70;
  inputs.has_cap = true;
  EXPECT_EQ(Judge(inputs).reasons.at(0).fault, FaultSource::kNetwork);
  inputs.client_errors = 60;
  const Verdict verdict = Judge(inputs);
  const auto rate = std::find_if(verdict.reasons.begin(), verdict.reasons.end(),
                                 [](const auto& reason) { return reason.check == "rate_ratio"; });
  ASSERT_NE(rate, verdict.reasons.end());
  EXPECT_EQ(rate->fault, FaultSource::kClient);
}

TEST(VerdictCacheTest, WhatRepeatsExplainIsNoReason) {
  VerdictInputs inputs;
  inputs.requests = 100;
  inputs.cached_share = 0.9;
  inputs.unplanned_cached_share = 0.05;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
}

TEST(VerdictCacheTest, NamesBothSharesAndACureThatHelps) {
  VerdictInputs inputs;
  inputs.requests = 100;
  inputs.cached_share = 0.9;
  inputs.unplanned_cached_share = 0.7;
  inputs.seed_makes_prompts = true;
  const VerdictReason synthetic = Judge(inputs).reasons.at(0);
  EXPECT_THAT(synthetic.text, HasSubstr("90.0 %"));
  EXPECT_THAT(synthetic.text, HasSubstr("only 20.0 %"));
  EXPECT_THAT(synthetic.cure, HasSubstr("another --random-seed"));
  inputs.seed_makes_prompts = false;
  EXPECT_THAT(Judge(inputs).reasons.at(0).cure, ::testing::Not(HasSubstr("--random-seed")));
}

// 10,000 streams take a while to send; each response is timed from its own send.
TEST(Verdict, AClosedLoopIsJudgedByItsConcurrencyAndNotByItsFirstWave) {
  VerdictInputs inputs;
  inputs.is_closed_loop = true;
  inputs.send_delay_p99_ms = 60;
  inputs.response_p50_ms = 20;
  inputs.slot_loss_share = 0.01;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
}

TEST(Verdict, SendDelayIsJudgedAgainstTheResponseTime) {
  VerdictInputs inputs;
  inputs.send_delay_p99_ms = 6;
  inputs.response_p50_ms = 500;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
  inputs.response_p50_ms = 5;
  EXPECT_EQ(Judge(inputs).status, kInvalid);
}

TEST(Verdict, NamesTheCauseThatTheHostShows) {
  VerdictInputs inputs;
  inputs.hiccups = 3;
  inputs.hiccup_share = 0.2;
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("no CPU shortage"));
  inputs.loop_stalls = 1;
  EXPECT_THAT(Judge(inputs).reasons.at(0).cure, HasSubstr("more workers"));
  inputs.other_cpu_cores = 1.1;
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("other processes used 1.1 cores"));
  EXPECT_THAT(Judge(inputs).reasons.at(0).cure, HasSubstr("taskset"));
  inputs.stolen_cpu_share = 0.1;
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("the hypervisor took 10.0 %"));
  inputs.throttled_share = 0.3;
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("its CPU quota stopped a worker"));
}

TEST(Verdict, AFewWaitsOfAShortRunAreNoLackOfConcurrency) {
  VerdictInputs inputs;
  inputs.requests = inputs.completed = 4;
  inputs.concurrency_ratio = 0.8;
  inputs.sending_ms = 999;
  EXPECT_TRUE(Judge(inputs).reasons.empty());
}

TEST(Verdict, SlotsOfALostWorkerAreNotBlamedOnTheHost) {
  VerdictInputs inputs;
  inputs.sending_ms = 5000;
  inputs.requests = inputs.completed = 100;
  inputs.concurrency_ratio = 0.8;
  inputs.lost_workers = 1;
  inputs.loss_is_allowed = true;
  const Verdict verdict = Judge(inputs);
  ASSERT_EQ(verdict.reasons.size(), 1u);
  EXPECT_EQ(verdict.reasons[0].check, "lost_workers");
}

TEST(Verdict, ALossyPathIsAReasonAndAFewLossesAreNone) {
  VerdictInputs inputs;
  inputs.requests = inputs.completed = 100;
  inputs.lossy_requests = 2;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
  inputs.lossy_requests = 3;
  EXPECT_EQ(Judge(inputs).reasons.at(0).check, "segment_loss_share");
  EXPECT_EQ(Judge(inputs).reasons.at(0).fault, FaultSource::kNetwork);
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("segments of 3.0 % of the requests"));
  inputs.requests = inputs.completed = 1000;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
}

TEST(Verdict, LostSegmentsAreNamedWhereTheyMatter) {
  VerdictInputs inputs;
  inputs.requests = inputs.completed = 1000;
  inputs.errors = inputs.network_errors = 20;
  inputs.lossy_requests = 2;
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("lost or reordered segments of 2 req"));
}

TEST(Verdict, ARunWithoutASuccessFailedAndSaysWhy) {
  VerdictInputs inputs;
  inputs.requests = inputs.errors = 20;
  inputs.first_cause = "401 Unauthorized";
  const Verdict verdict = Judge(inputs);
  EXPECT_EQ(verdict.status, VerdictStatus::kFailed);
  EXPECT_EQ(NameOf(verdict.status), "FAILED");
  EXPECT_EQ(verdict.reasons.at(0).text,
            "none of 20 requests succeeded; first cause: 401 Unauthorized");
}

TEST(Verdict, NoReasonNamesAProxyForCertain) {
  VerdictInputs inputs;
  inputs.coalesced_share = 0.5;
  inputs.hiccups_measured = true;
  EXPECT_THAT(Judge(inputs).reasons.at(0).text, HasSubstr("the server or something on the path"));
}

TEST(Verdict, OneShortHiccupOfAShortRunIsNoReasonButALongOneIs) {
  VerdictInputs inputs;
  inputs.hiccups = 1;
  inputs.hiccup_share = 0.022;
  inputs.longest_hiccup_ms = 14.7;
  EXPECT_EQ(Judge(inputs).status, VerdictStatus::kValid);
  inputs.longest_hiccup_ms = 101;
  EXPECT_EQ(Judge(inputs).reasons.at(0).check, "hiccup_share");
}

TEST(Verdict, LostSlotsAreToldOnce) {
  VerdictInputs inputs;
  inputs.is_closed_loop = true;
  inputs.send_delay_p99_ms = 5;
  inputs.slot_loss_share = 0.2;
  inputs.concurrency_ratio = 0.8;
  inputs.sending_ms = 5000;
  ASSERT_EQ(Judge(inputs).reasons.size(), 1u);
  EXPECT_EQ(Judge(inputs).reasons[0].check, "slot_loss_share");
}

TEST(Verdict, AClientThatWasLateBlamesNobodyForTheOtherGaps) {
  VerdictInputs inputs;
  inputs.hiccups_measured = true;
  inputs.coalesced_share = 0.3;
  inputs.own_coalesced_share = 0.2;
  const Verdict verdict = Judge(inputs);
  ASSERT_EQ(verdict.reasons.size(), 2u);
  EXPECT_EQ(verdict.reasons[0].check, "own_coalesced_chunk_share");
  EXPECT_EQ(verdict.reasons[1].fault, FaultSource::kUnknown);
}

}  // namespace
}  // namespace drumfire
