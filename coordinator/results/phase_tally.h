// All totals over a phase's records, added one by one in any order. Memory does not grow with their
// number. One thread at a time.
#pragma once

#include <cstdint>
#include <map>

#include "common/metrics/distribution.h"
#include "common/metrics/intervals.h"
#include "common/metrics/summary.h"
#include "coordinator/results/accounting.h"
#include "coordinator/results/connection_tally.h"
#include "coordinator/results/error_summary.h"
#include "coordinator/results/goal_misses.h"
#include "coordinator/results/in_flight.h"
#include "coordinator/results/send_gaps.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// First and last of a series of times, ns.
struct TimeSpan {
  int64_t first_ns = INT64_MAX;
  int64_t last_ns = INT64_MIN;

  void Add(int64_t ns);
  int64_t length_ns() const { return last_ns > first_ns ? last_ns - first_ns : 0; }
};

// Open loop only: the time span of the sends compared with that of the schedule.
struct RateSpans {
  uint64_t scheduled = 0;     // sessions
  uint64_t sent = 0;          // of these, sent
  uint64_t client_drops = 0;  // of these, dropped although a slot was free in time
  uint64_t unsent = 0;        // of these, failed before the send for lack of a connection
  TimeSpan intended;          // of all
  TimeSpan sent_intended;     // of the sent ones
  TimeSpan sent_ready;
  TimeSpan sent_at;
  TimeSpan sent_at_best;  // without connect times

  // Of first turns with an intended time.
  void Add(const v1::Record& record, int64_t late_after_ns);
};

// Totals about the instrument.
struct StampTally {
  uint64_t gaps = 0;                  // between content chunks
  uint64_t coalesced_chunks = 0;      // of these, both chunks in one read
  uint64_t own_coalesced_chunks = 0;  // of these, in a read that the client was late for
  uint64_t reads = 0;
  uint64_t refused_stamps = 0;
  uint64_t kernel_records = 0;
  uint64_t user_records = 0;
  uint64_t tokens_from_usage = 0;
  uint64_t tokens_from_tokenizer = 0;
  uint64_t without_usage = 0;    // sent without stream_options, which the server refuses
  uint64_t unstreamed = 0;       // completed with tokens, but without a content chunk
  uint64_t left_open = 0;        // responses whose body did not end
  uint64_t streamed_tokens = 0;  // of completed streamed responses: tokens, and chunks
  uint64_t streamed_chunks = 0;

  void Add(const v1::Record& record);

 private:
  void AddAnswer(const v1::Record& record);
};

// Send delay: sent minus ready, without connect time and time lost on stale connections, ns; over
// all sent requests.
struct SendDelay {
  Distribution values_ns;
  // A closed loop's first wave, and the rest.
  double first_wave_ns = 0;
  int64_t first_wave_longest_ns = 0;
  double later_ns = 0;

  void Add(const v1::Record& record);
};

// The p99, but at least kLeastLateRequests values exceed it: one of 60 is no p99.
double JudgedP99(const Distribution& values);

struct PhaseTally {
  PhaseTally(const MetricContext& context, int64_t the_late_after_ns)
      : late_after_ns(the_late_after_ns), summary(context), goal_misses(context) {}

  void Add(const v1::Record& record, uint32_t worker);

  int64_t late_after_ns;
  MetricSummary summary;
  GoalMisses goal_misses;
  ErrorSummary errors;
  InFlight in_flight;
  SendGaps send_gaps;
  RateSpans spans;
  SendDelay send_delay;
  TimeSpan sent;  // of all sent requests
  StampTally stamps;
  ConnectionTally connections;
  std::map<uint32_t, ReceivedRecords> received;  // by worker
  IntervalMerger intervals;
};

}  // namespace drumfire
