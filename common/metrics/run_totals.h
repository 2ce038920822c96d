// The sums of a run (or a slice, or a URL) from which aggregate and derived metrics are computed.
// Plain numbers; any thread.
#pragma once

#include <cstdint>

namespace drumfire {

// Tokens that servers counted in a field of their usage objects, and in how many requests.
struct UsageTotal {
  int64_t tokens = 0;
  int64_t requests = 0;

  void Add(bool is_sent, uint32_t count);
  void Merge(const UsageTotal& other);
};

struct RunTotals {
  // Requests by outcome. A dropped one was never sent.
  int64_t completed = 0;
  int64_t failed = 0;
  int64_t cancelled = 0;
  int64_t dropped = 0;
  // Of the completed ones.
  int64_t good = 0;
  int64_t osl_mismatches = 0;
  int64_t usage_discrepancies = 0;
  int64_t isl = 0;
  int64_t output_tokens = 0;
  int64_t reasoning_tokens = 0;
  UsageTotal usage_prompt;
  UsageTotal usage_completion;
  UsageTotal usage_reasoning;
  UsageTotal usage_cached;
  UsageTotal usage_total;
  int64_t with_isl = 0;         // requests whose prompt tokens are known
  int64_t with_tokens = 0;      // requests whose output tokens are known
  int64_t with_usage = 0;       // requests with a usage object
  int64_t malformed_usage = 0;  // requests whose usage object contained a value that is not a count
  // Sum of all sent requests' time from send to end, ns; output tokens after the first one of each
  // completed request.
  int64_t in_flight_ns = 0;
  int64_t decoded_tokens = 0;
  // Of the failed and cancelled ones.
  int64_t error_isl = 0;
  // Over completed requests, ns from t = 0: first send; last text.
  int64_t first_sent_ns = INT64_MAX;
  int64_t last_content_ns = INT64_MIN;
  // Set by the caller that needs rates: the window, ns, and the wall clock at t = 0.
  int64_t window_ns = 0;
  int64_t wall_start_ns = 0;

  // Adds everything but the window.
  void Merge(const RunTotals& other);

  int64_t errors() const { return failed + cancelled; }
  int64_t osl() const { return output_tokens + reasoning_tokens; }
};

}  // namespace drumfire
