// For tests and benchmarks: an intake over real ZeroMQ on a thread of its own, with calls that
// wait.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "common/loop/loop_thread.h"
#include "common/sync/mutex.h"
#include "coordinator/ingest/record_intake.h"
#include "coordinator/ingest/zmq_record_transport.h"

namespace drumfire::testutil {

class ThreadedIntake : private Loop {
 public:
  // consumer and journal (null = none) must outlive it.
  ThreadedIntake(absl::string_view run_id, const LinkKeys& keys, RecordConsumer* consumer,
                 Journal* journal)
      : journal_(journal),
        transport_(*ZmqRecordTransport::Create(keys)),
        intake_(run_id, transport_.get(), consumer, journal),
        thread_(std::make_unique<LoopThread>(static_cast<Loop*>(this), SystemClock(),
                                             transport_->waiter())) {
    if (journal_ != nullptr) journal_->SetSettledHandler([this] { thread_->Wake(); });
  }
  ~ThreadedIntake() override {
    if (journal_ != nullptr) journal_->SetSettledHandler(nullptr);
  }

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
  // Looks at the condition after each step of the intake.
  template <typename Condition>
  bool WaitUntil(const Condition& is_met) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const MutexLock lock(&mutex_);
    while (!is_met()) {
      if (!stepped_.WaitUntil(&mutex_, deadline)) return is_met();
    }
    return true;
  }
  // A step soon, and with it a look at the condition of WaitUntil.
  void Wake() const { thread_->Wake(); }
  const RecordIntake& intake() const { return intake_; }

 private:
  int64_t Step(int64_t now_ns) override {
    const int64_t next_ns = intake_.Step(now_ns);
    const MutexLock lock(&mutex_);
    stepped_.NotifyAll();
    return next_ns;
  }
  template <typename Task>
  void RunOnLoop(const Task& task) {
    std::promise<void> done;
    thread_->Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  Journal* const journal_;
  const std::unique_ptr<ZmqRecordTransport> transport_;
  RecordIntake intake_;
  mutable Mutex mutex_;
  mutable CondVar stepped_;
  std::unique_ptr<LoopThread> thread_;  // last: it steps this
};

}  // namespace drumfire::testutil
