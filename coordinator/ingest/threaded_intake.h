// For tests and benchmarks: an intake over real ZeroMQ on a thread of its own, with calls that
// wait.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "common/loop/loop_thread.h"
#include "coordinator/ingest/record_intake.h"
#include "coordinator/ingest/zmq_record_transport.h"

namespace drumfire::testing {

class ThreadedIntake {
 public:
  // consumer and journal (null = none) must outlive it.
  ThreadedIntake(absl::string_view run_id, const LinkKeys& keys, RecordConsumer* consumer,
                 Journal* journal)
      : transport_(*ZmqRecordTransport::Create(keys)),
        intake_(run_id, transport_.get(), consumer, journal),
        thread_(&intake_, SystemClock(), transport_->waiter()) {}

  void AddWorker(const RecordLinkSpec& spec) {
    RunOnLoop([&] { intake_.AddWorker(spec); });
  }
  void RemoveWorker(uint32_t worker) {
    RunOnLoop([&] { intake_.RemoveWorker(worker); });
  }
  // False after a long time.
  bool WaitFor(uint32_t worker, uint64_t sequence) const {
    return WaitUntil([&] { return intake_.HasAll(worker, sequence); });
  }
  // Waits until the link is up or cannot be; false after a long time.
  absl::StatusOr<bool> WaitForLink(uint32_t worker) const {
    WaitUntil([&] { return !intake_.IsLinked(worker).ok() || *intake_.IsLinked(worker); });
    return intake_.IsLinked(worker);
  }
  template <typename Condition>
  static bool WaitUntil(const Condition& is_met) {
    const int64_t deadline_ns = SystemClock().MonotonicNs() + 60 * kNsPerSecond;
    while (!is_met()) {
      if (SystemClock().MonotonicNs() > deadline_ns) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }
  const RecordIntake& intake() const { return intake_; }

 private:
  template <typename Task>
  void RunOnLoop(const Task& task) {
    std::promise<void> done;
    thread_.Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  const std::unique_ptr<ZmqRecordTransport> transport_;
  RecordIntake intake_;
  LoopThread thread_;
};

}  // namespace drumfire::testing
