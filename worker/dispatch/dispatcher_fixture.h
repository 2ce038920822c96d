// A dispatcher over an engine that a test plays, for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "worker/dispatch/dispatcher.h"
#include "worker/dispatch/testing.h"

namespace drumfire::testutil {

class DispatcherFixture : public ::testing::Test, private EngineOwner {
 protected:
  void Make(PhaseSettings settings) {
    lease_.ExtendTo(kNever);
    dispatcher_ = std::make_unique<Dispatcher>(
        settings, &engine_, &queue_, &lease_, &usage_refusal_,
        DispatcherCallbacks{
            .on_next_turn =
                [this](std::unique_ptr<Exchange> next) { next_.push_back(std::move(next)); },
            .on_record =
                [this](std::unique_ptr<Exchange> done) { records_.push_back(std::move(done)); }});
  }

  // Hands out sessions due at these times (-1 = closed loop).
  void Grant(const std::vector<int64_t>& due_ns, bool last = true, uint32_t turns = 1) {
    for (const int64_t due : due_ns) {
      auto exchange = std::make_unique<Exchange>();
      exchange->session = granted_++;
      exchange->turns = turns;
      exchange->intended_ns = due;
      exchange->body = std::make_shared<const std::string>("{}");
      queue_.Push(&exchange);
    }
    dispatcher_->OnGranted(granted_, last);
  }

  int64_t Step(int64_t now_ns) {
    SetNow(now_ns);
    return dispatcher_->Step(now_ns);
  }
  // Of the engine: its stamps. The lease goes by clock_.
  void SetNow(int64_t now_ns) { engine_clock_.Advance(now_ns - engine_clock_.MonotonicNs()); }

  FakeClock clock_;
  FakeClock engine_clock_;
  Lease lease_{clock_};
  UsageRefusal usage_refusal_;
  ScriptedEngine engine_{engine_clock_, this};
  ReadyQueue queue_{1000, 1 << 20, {[] {}, [] {}}};
  std::unique_ptr<Dispatcher> dispatcher_;
  std::vector<std::unique_ptr<Exchange>> records_;
  std::vector<std::unique_ptr<Exchange>> next_;  // turns to be made
  uint64_t granted_ = 0;

 private:
  void OnFinished(std::unique_ptr<Exchange> exchange) override {
    dispatcher_->OnFinished(std::move(exchange));
  }
};

}  // namespace drumfire::testutil
