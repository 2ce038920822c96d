// What a process's fake workers saw of their coordinator. All times are CLOCK_MONOTONIC ns, which
// the processes of one host share; 0 = did not happen. The shared thread's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace drumfire::fleet_sim {

struct Figures {
  uint64_t streams = 0;
  uint64_t finished = 0;  // runs that the coordinator ended with Finish
  uint64_t dropped = 0;   // streams that we broke off (--drop-all-after-seconds)
  // Runs that ended any other way, by the reason in words.
  std::map<std::string, uint64_t> abandoned;

  // The barrier: first and last of each step over all workers, and the latest that a Start came
  // after t = 0.
  int64_t first_hello_ns = 0;
  int64_t last_loaded_ns = 0;
  int64_t first_prepare_ns = 0;  // of the first phase, as are the two below
  int64_t last_prepared_ns = 0;
  int64_t last_start_ns = 0;
  int64_t latest_start_ns = 0;

  uint64_t heartbeats_sent = 0;
  uint64_t heartbeats_answered = 0;
  int64_t slowest_answer_ns = 0;

  uint64_t grants = 0;  // messages
  uint64_t demands = 0;
  uint64_t credits = 0;
  int64_t first_grant_ns = 0;  // after the start
  int64_t last_grant_ns = 0;

  uint64_t records = 0;
  uint64_t records_dropped = 0;
  uint64_t batches_resent = 0;
};

// One JSON object, with the process's own CPU seconds and highest resident memory.
std::string ToJson(const Figures& figures);

}  // namespace drumfire::fleet_sim
