// Are connects that fail paced, and others left alone?
#include "worker/engine/connect_gate.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

// Tries and fails at the first moment that the gate allows; returns that moment.
int64_t FailNext(ConnectGate* gate, int64_t now_ns) {
  now_ns = std::max(now_ns, gate->next_ns());
  EXPECT_TRUE(gate->MayTry(now_ns));
  gate->OnTry();
  gate->OnFailure(v1::ERROR_REFUSED, now_ns, now_ns + 1);
  return now_ns + 1;
}

TEST(ConnectGate, FreeUntilOneFails) {
  ConnectGate gate(1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(gate.MayTry(0));
    gate.OnTry();
  }
}

TEST(ConnectGate, PausesDoubleUpToABound) {
  ConnectGate gate(1);
  int64_t now_ns = 1000;
  for (int failures = 0; failures < 40; ++failures) {
    now_ns = FailNext(&gate, now_ns);
    const int64_t longest_ns =
        failures < 6 ? ConnectGate::kFirstPauseNs << failures : ConnectGate::kLongestPauseNs;
    EXPECT_FALSE(gate.MayTry(now_ns + longest_ns / 2 - 1)) << failures;
    EXPECT_TRUE(gate.MayTry(now_ns + longest_ns)) << failures;
  }
}

TEST(ConnectGate, OneTryAtATime) {
  ConnectGate gate(1);
  const int64_t failed_ns = FailNext(&gate, 0);
  const int64_t later_ns = failed_ns + ConnectGate::kLongestPauseNs;
  ASSERT_TRUE(gate.MayTry(later_ns));
  gate.OnTry();
  EXPECT_FALSE(gate.MayTry(later_ns));
  gate.OnGivenUp();
  EXPECT_TRUE(gate.MayTry(later_ns));
}

TEST(ConnectGate, ASuccessOpensIt) {
  ConnectGate gate(1);
  int64_t now_ns = 0;
  for (uint32_t i = 0; i < ConnectGate::kDownAfter; ++i) now_ns = FailNext(&gate, now_ns);
  EXPECT_TRUE(gate.is_down());
  gate.OnSuccess();
  EXPECT_FALSE(gate.is_down());
  EXPECT_TRUE(gate.MayTry(now_ns));
}

TEST(ConnectGate, ConnectsThatWereUnderWayDoNotLengthenThePause) {
  ConnectGate gate(1);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(gate.MayTry(0));
    gate.OnTry();
  }
  for (int i = 0; i < 100; ++i) gate.OnFailure(v1::ERROR_REFUSED, 0, 10 + i);
  EXPECT_FALSE(gate.is_down());
  EXPECT_LE(gate.next_ns(), 10 + ConnectGate::kFirstPauseNs);
}

TEST(ConnectGate, OurOwnLimitsAreNotTheAddresss) {
  ConnectGate gate(1);
  for (int i = 0; i < 10; ++i) gate.OnFailure(v1::ERROR_CLIENT_LIMIT, i, i);
  EXPECT_TRUE(gate.MayTry(10));
}

TEST(ConnectGate, ChanceKeepsAFleetOutOfStep) {
  ConnectGate one(1), other(2);
  FailNext(&one, 0);
  FailNext(&other, 0);
  EXPECT_NE(one.next_ns(), other.next_ns());
}

}  // namespace
}  // namespace drumfire
