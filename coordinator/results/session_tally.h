// Sessions as the records of one worker show them. A session is over with the record of its last
// turn, or of one that was not completed. Records may come in any order, and some may never come;
// memory is one entry per session in flight or with a record missing. One thread at a time.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Turns of all sessions with a record, as the schedule gives them: a record came, or
struct UnrecordedTurns {
  uint64_t missing = 0;  // a later turn has a record, so this one was completed
  uint64_t open = 0;     // its session goes on behind the last record that came
  uint64_t unsent = 0;   // its session ended early or was dropped

  uint64_t Sum() const { return missing + open + unsent; }
};

class SessionTally {
 public:
  void Add(const v1::Record& record);

  // With a record.
  uint64_t sessions() const { return sessions_; }
  // Every turn completed.
  uint64_t completed() const { return completed_; }
  // Over, and neither completed nor dropped.
  uint64_t ended_early() const { return ended_early_; }
  // No record ends them.
  uint64_t open() const;
  // Turns that the schedule gives all these sessions, and those of them without a record.
  uint64_t turns() const { return turns_; }
  UnrecordedTurns unrecorded() const;

 private:
  struct Conversation {
    uint32_t turns = 0;
    uint32_t records = 0;
    uint32_t reached = 0;  // highest turn with a record, plus 1
    bool is_over = false;
  };

  void AddTurn(const v1::Record& record, uint32_t turns, bool is_over);

  uint64_t sessions_ = 0;
  uint64_t completed_ = 0;
  uint64_t ended_early_ = 0;
  uint64_t turns_ = 0;
  uint64_t unsent_turns_ = 0;
  absl::flat_hash_map<uint64_t, Conversation> conversations_;  // by session
};

}  // namespace drumfire
