// Makes requests ready ahead of their time: credit -> schedule -> body and head. The I/O loop then
// has nothing to do at the due time but to send. A session's further turns are made when the turn
// before is answered, and before any first turn. A loop without a thread (common/loop).
//
//   RequestMaker maker(inputs, &bodies, &queue);
//   auto runner = runners.Run(&maker, nullptr);
//   DRUMFIRE_RETURN_IF_ERROR(maker.Add(grant));
//   runner->Wake();
//   maker.AddNext(std::move(next));  runner->Wake();  // from the dispatcher's on_next_turn
//   maker.WhenAhead([] { ... });  runner->Wake();     // called once there is no more to make ahead
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "common/endpoint/request_builder.h"
#include "common/loop/loop.h"
#include "common/schedule/schedule.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/control.pb.h"
#include "worker/dispatch/body_cache.h"
#include "worker/dispatch/ready_queue.h"
#include "worker/dispatch/unprepared_credits.h"
#include "worker/dispatch/usage_refusal.h"

namespace drumfire {

// All that requests of one phase are made from; nothing is owned and all must outlive the maker.
struct RequestMakerInputs {
  const v1::Plan* plan = nullptr;
  const Dataset* dataset = nullptr;
  const RequestBuilder* builder = nullptr;
  std::string run_id;  // 16 bytes
  uint32_t phase = 0;
  UsageRefusal* usage_refusal = nullptr;  // null: bodies stay as they are made
};

class RequestMaker : public Loop {
 public:
  // cache and queue are not owned.
  RequestMaker(RequestMakerInputs inputs, BodyCache* cache, ReadyQueue* queue);

  // Ranges that may wait. A coordinator grants a short time ahead, so few do.
  static constexpr size_t kMostRanges = 1 << 16;

  // Credits of a range; of all that it holds the lowest session is made first. An error, and none
  // of them is taken, when kMostRanges wait or when it holds one of them already. Any thread.
  absl::Status Add(const v1::Grant& grant);
  // A turn after the first; its ready_ns is the end of the turn before. Any thread.
  void AddNext(std::unique_ptr<Exchange> next);
  // Calls ahead once, from inside a step: all credits added so far are ready, or the queue is full.
  // Any thread.
  void WhenAhead(std::function<void()> ahead);

  // Makes a portion of requests, and goes a bounded way to a session far ahead in the schedule.
  int64_t Step(int64_t now_ns) override;

 private:
  bool MakeOne();
  bool MakeNext();
  bool MakeFirst();
  bool TakeCredit();
  bool IsNear(uint64_t session);
  std::unique_ptr<Exchange> TakeNext();
  void NoteUnprepared() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Exchange> FirstTurn(uint64_t session);
  std::shared_ptr<const std::string> NextBody(Exchange* next) const;
  void SetTurn(const ScheduledTurn& turn, Exchange* exchange) const;
  void AppendHead(Exchange* exchange) const;
  void NotifyAhead();

  const RequestMakerInputs inputs_;
  const PhaseRequestIds ids_;
  const bool is_open_loop_;
  BodyCache* const cache_;
  ReadyQueue* const queue_;

  // The step's alone.
  std::optional<ScheduleCursor> cursor_;
  uint64_t cursor_session_ = 0;           // where it stands
  std::optional<uint64_t> next_session_;  // taken, to be made
  std::unique_ptr<Exchange> in_hand_;     // made, and waiting for room

  Mutex mutex_;
  UnpreparedCredits unprepared_ ABSL_GUARDED_BY(mutex_);
  uint64_t session_in_hand_ ABSL_GUARDED_BY(mutex_) = kNoCredit;  // being made, or without room
  std::deque<std::unique_ptr<Exchange>> next_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> ahead_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace drumfire
