// What a run asks of whoever takes in its workers' records. Nothing here waits: where an answer
// takes its time, ask again. The run's thread makes all calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/fleet/member.h"

namespace drumfire {

class RecordKeeper {
 public:
  virtual ~RecordKeeper() = default;
  // The worker's records are to be taken: true once they can be fetched, an error when they cannot.
  virtual absl::StatusOr<bool> LinkRecords(const Member& member) = 0;
  // A lost worker can send no more: none of its records counts any more once this gives a value,
  // which is 1 + the highest session of the phase that it has a record of, 0 without any.
  virtual std::optional<uint64_t> CloseRecords(uint32_t worker, uint32_t phase) = 0;
  // Only records of sessions granted to their worker count, and only within their phase. Tell it
  // before the message is sent: of a grant, and of t = 0 on the coordinator's monotonic clock.
  virtual void OnGrant(uint32_t worker, const v1::Grant& grant) = 0;
  virtual void OnPhaseStart(uint32_t phase, int64_t start_ns) = 0;
  // Workers that sent records which cannot be true, since the last call; each with the reason, in
  // words. They are to be expelled.
  virtual std::vector<std::pair<uint32_t, std::string>> TakeRefusals() = 0;
  // The limit of Plan.error_limits that was passed, in words; empty = none.
  virtual std::string ErrorLimitReached() = 0;
};

}  // namespace drumfire
