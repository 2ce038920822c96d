// Lets a batch of records in only if each of its records can be true: its credit was granted to
// that worker, it comes once, and its times lie in the phase. A worker whose batch is refused is
// broken or lies; the run goes on without it.
//
//     gate.StartPhase(0, start_ns);
//     gate.Grant(worker, grant);              // before the grant is sent
//     absl::Status seen = gate.Check(batch);  // intake's thread
//
// Memory: a bit for each credit without its records, and an entry for each conversation of which
// some records came.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// One worker's granted sessions of one phase that have records to come. Not synchronised.
class AwaitedSessions {
 public:
  void Add(const v1::Grant& grant);
  // InvalidArgument: never granted, or it came before.
  absl::Status Take(const v1::Record& record);

 private:
  struct Range {
    uint64_t count = 0;
    uint64_t left = 0;          // without all their records
    std::vector<bool> is_over;  // by index: all records came
  };
  // By first session. Those of one (stride, first mod stride) are disjoint.
  using Lane = std::map<uint64_t, Range>;
  struct Place {
    Lane* lane = nullptr;
    Lane::iterator range;
    uint64_t index = 0;
  };
  struct Conversation {
    std::vector<bool> is_seen;  // by turn
    uint32_t seen = 0;
    uint32_t turns = 0;  // up to the one that ended it
  };

  std::optional<Place> Find(uint64_t session);
  // True when the session has all its records.
  absl::StatusOr<bool> TakeTurn(const v1::Record& record);

  std::map<std::pair<uint64_t, uint64_t>, Lane> lanes_;        // by stride and first mod stride
  absl::flat_hash_map<uint64_t, Conversation> conversations_;  // by session
};

class RecordGate {
 public:
  // plan and clock must outlive the gate. The clock is the coordinator's.
  RecordGate(const v1::Plan& plan, const Clock& clock) : plan_(plan), clock_(clock) {}

  // t = 0 of the phase on the coordinator's monotonic clock. Any thread, as all calls.
  void StartPhase(uint32_t phase, int64_t start_ns);
  void Grant(uint32_t worker, const v1::Grant& grant);
  // Forgets what the worker was granted: it sends no more records that count.
  void Forget(uint32_t worker);
  // InvalidArgument: the first record that cannot be true, in words.
  absl::Status Check(const v1::RecordBatch& batch);

 private:
  absl::Status CheckTime(const v1::Record& record, int64_t now_ns) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const v1::Plan& plan_;
  const Clock& clock_;
  Mutex mutex_;
  std::map<uint32_t, int64_t> starts_ns_ ABSL_GUARDED_BY(mutex_);  // by phase
  std::map<std::pair<uint32_t, uint32_t>, AwaitedSessions> awaited_
      ABSL_GUARDED_BY(mutex_);  // by worker and phase
};

}  // namespace drumfire
