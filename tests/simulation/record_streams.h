// The record streams of all workers: frames that may come late, never, twice, in another order or
// damaged, into whatever takes them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "tests/simulation/scenario.h"
#include "tests/simulation/world.h"

namespace drumfire::simulation {

// Where the simulated worker's records are fetched from.
inline std::string RecordsEndpointOf(uint32_t worker) {
  return "tcp://records:" + std::to_string(worker);
}

class RecordStreams {
 public:
  // Nothing is owned; the link must outlive the world's events.
  RecordStreams(const Scenario& scenario, World* world);

  using Taker = std::function<void(uint32_t worker, const std::string& frame)>;

  void SetTaker(Taker take) { take_ = std::move(take); }
  // The coordinator is gone: frames go nowhere.
  void Close() { take_ = nullptr; }
  // False when so much is under way that the socket would take no more.
  bool Send(uint32_t worker, const std::string& frame);
  void BlockUntil(int64_t time_ns) { blocked_until_ns_ = time_ns; }

 private:
  void Post(uint32_t worker, std::string frame);
  std::string Damaged(std::string frame);
  bool Strikes(Fault fault);
  // Of a fault after which the batch must be sent again. Ends in time for every record to arrive
  // while the coordinator waits for it.
  bool StrikesBatch(Fault fault);

  const Scenario& scenario_;
  World* const world_;
  const int64_t begin_ns_;
  Taker take_;
  std::map<uint32_t, uint32_t> under_way_;  // by worker
  std::map<uint32_t, int64_t> last_due_ns_;
  int64_t blocked_until_ns_ = 0;
};

}  // namespace drumfire::simulation
