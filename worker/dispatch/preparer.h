// Makes requests ready ahead of their time, on a thread of its own: credit -> schedule -> body and
// head. The I/O thread then has nothing to do at the due time but to send.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/endpoint/request_builder.h"
#include "common/schedule/schedule.h"
#include "drumfire/v1/control.pb.h"
#include "worker/dispatch/body_cache.h"
#include "worker/dispatch/ready_queue.h"
#include "worker/dispatch/unmade_credits.h"
#include "worker/dispatch/usage_refusal.h"

namespace drumfire {

// What the preparer works from; nothing is owned and all must outlive it.
struct PreparerInputs {
  const v1::Plan* plan = nullptr;
  const Dataset* dataset = nullptr;
  const RequestBuilder* builder = nullptr;
  std::string run_id;  // 16 bytes
  uint32_t phase = 0;
  UsageRefusal* usage_refusal = nullptr;  // null: bodies stay as they are made
};

class Preparer {
 public:
  // wake_reader is called on the preparer's thread when the I/O thread waits for a request. cache
  // and queue are not owned.
  Preparer(PreparerInputs inputs, BodyCache* cache, ReadyQueue* queue,
           std::function<void()> wake_reader);
  // Closes the queue and joins.
  ~Preparer();

  // Ranges that may wait. A coordinator grants a short time ahead, so few do.
  static constexpr size_t kMostRanges = 1 << 16;

  // Credits of a range; of all that it holds the lowest k is made first. False, and none of them is
  // taken, when kMostRanges wait. Any thread.
  [[nodiscard]] bool Add(const v1::Grant& grant);
  // Waits until all credits added so far are ready, or the queue is full, or the time is over. Any
  // thread.
  void WaitUntilAhead(std::chrono::milliseconds limit);

 private:
  void Run();
  bool NextCredit(uint64_t* k);
  ScheduledRequest Scheduled(uint64_t k);
  void NoteUnmade();
  std::unique_ptr<Exchange> Make(uint64_t k);
  void Deliver(std::unique_ptr<Exchange> exchange);

  const PreparerInputs inputs_;
  BodyCache* const cache_;
  ReadyQueue* const queue_;
  const std::function<void()> wake_reader_;
  std::optional<ScheduleCursor> cursor_;  // the preparer's thread only
  uint64_t cursor_k_ = 0;                 // where it stands

  std::mutex mutex_;
  std::condition_variable changed_;
  UnmadeCredits unmade_;
  uint64_t in_hand_ = kNoCredit;  // being made, or waiting for room in the queue
  bool idle_ = true;              // nothing left to make, or waiting for room
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace drumfire
