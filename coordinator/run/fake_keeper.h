// Fakes that several tests of this room share.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/run/record_keeper.h"
#include "coordinator/run/stop_requests.h"

namespace drumfire {

class FakeStops : public StopRequests {
 public:
  int count() const override { return stops; }
  int stops = 0;
};

// Answers as a test says; remembers what it was asked.
class FakeKeeper : public RecordKeeper {
 public:
  absl::StatusOr<bool> LinkRecords(const Member& member) override {
    asked_to_link.push_back(member.worker());
    return linked;
  }
  std::optional<uint64_t> CloseRecords(uint32_t worker, uint32_t) override {
    asked_to_close.push_back(worker);
    return recorded_below;
  }
  void OnGrant(uint32_t worker, const v1::Grant& grant) override {
    granted[worker] += grant.count();
  }
  void OnPhaseStart(uint32_t, int64_t start_ns) override { phase_start_ns = start_ns; }
  std::vector<std::pair<uint32_t, std::string>> TakeRefusals() override {
    return std::exchange(refusals, {});
  }
  std::string ErrorLimitReached() override { return error_limit; }

  absl::StatusOr<bool> linked = true;
  std::optional<uint64_t> recorded_below = 0;
  std::string error_limit;
  std::map<uint32_t, uint64_t> granted;  // sessions, by worker
  int64_t phase_start_ns = 0;
  std::vector<std::pair<uint32_t, std::string>> refusals;
  std::vector<uint32_t> asked_to_link, asked_to_close;
};

}  // namespace drumfire
