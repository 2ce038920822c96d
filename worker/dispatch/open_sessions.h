// Sessions in flight: begun and not over. Each holds a slot from the send of its first turn to the
// end of its last, also while its next turn is being made or waits for its delay. A turn that is
// not completed ends its session.
//
//   sessions.Begin();                              // turn 0 is sent
//   if (auto next = sessions.EndTurn(&answered)) Make(std::move(next));
//   sessions.AddNext(std::move(next));             // it is made, and due at next->ready_ns
//   while (sessions.next_due_ns() <= now_ns) Send(sessions.TakeNext());
//
// One thread, the dispatcher's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "common/clock/clock.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class OpenSessions {
 public:
  void Begin() { ++count_; }
  // A turn came back. If its session goes on, returns the next turn, which takes the replies with
  // it; null if the session is over.
  std::unique_ptr<Exchange> EndTurn(Exchange* turn);
  // That next turn, made and due at next->ready_ns (monotonic). After Stop it is thrown away.
  void AddNext(std::unique_ptr<Exchange> next);
  // When the first of the next turns is due; kNever when none is made.
  int64_t next_due_ns() const { return next_.empty() ? kNever : next_.begin()->first.first; }
  // The turn that is due first. Not when none is made.
  std::unique_ptr<Exchange> TakeNext();
  // A session that is not to begin: none of its turns is sent, and the first has a record.
  void Drop(const Exchange& first) { unsent_turns_ += first.turns - 1; }
  // No session goes on any more: those between two turns are over.
  void Stop();

  uint32_t count() const { return count_; }
  // Sessions whose every turn completed.
  uint64_t completed() const { return completed_; }
  // Turns that were never sent because their session ended early.
  uint64_t unsent_turns() const { return unsent_turns_; }

 private:
  using DueAndSession = std::pair<int64_t, uint64_t>;

  uint32_t count_ = 0;
  uint32_t between_turns_ = 0;   // of these, without a turn in flight
  uint64_t unsent_between_ = 0;  // turns that those have left
  uint64_t completed_ = 0;
  uint64_t unsent_turns_ = 0;
  bool stopped_ = false;
  std::multimap<DueAndSession, std::unique_ptr<Exchange>> next_;
};

}  // namespace drumfire
