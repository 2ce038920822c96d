// What a run asks of whoever takes in its workers' records. Nothing here waits: where an answer
// takes its time, ask again. The run's thread makes all calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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
  // The limit of Plan.error_limits that was passed, in words; empty = none.
  virtual std::string ErrorLimitReached() = 0;
};

}  // namespace drumfire
