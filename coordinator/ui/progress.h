// What a run says of itself while it goes, in one line. Pure text: who draws it is
// progress_line.h's job.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Figures of the whole fleet in the present phase.
struct ProgressSnapshot {
  std::string phase;            // "warmup", "profiling"
  int64_t elapsed_ns = 0;       // since the phase's start; negative before it
  uint64_t finished = 0;        // completed, failed or cancelled, or sent by a lost worker
  uint64_t total = 0;           // requests of the phase; 0 = its duration ends it
  int64_t duration_ns = 0;      // of the phase; 0 = its count ends it
  int64_t schedule_end_ns = 0;  // due time of an open loop's last request; 0 = unknown
  double rate_asked = 0;        // requests a second; 0 = none asked (closed loop, schedule)
  double rate_reached = 0;      // sends a second over the last seconds
  uint64_t in_flight = 0;
  uint32_t concurrency = 0;  // slots asked for; 0 = no cap
  uint64_t errors = 0;
  // Of the requests that have ended so far; p50 < 0 = none has a value.
  absl::string_view latency_name = "TTFT";  // or "latency", where nothing streams
  double latency_p50_ns = -1;
  double latency_p99_ns = -1;
  double tokens_per_second = 0;  // output; 0 = none yet
  bool draining = false;         // nothing more is sent; what is in flight is waited for
};

// "profiling 120/1000 (12 %)  19.8/s of 20.0/s  in flight 7 of 32  TTFT p50 40.1 ms, p99 50.9 ms
// 3,614 tokens/s  0 errors  44 s left", as one line without colour. columns: what the line may
// take, 0 = any number: figures are shortened, then left out, the least important first.
std::string ProgressText(const ProgressSnapshot& snapshot, size_t columns);

// Time until the phase ends, ns, from its pace so far or its clock; -1 = unknown.
int64_t RemainingNs(const ProgressSnapshot& snapshot);

}  // namespace drumfire
