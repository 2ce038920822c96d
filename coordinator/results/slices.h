// Time slices. A request belongs entirely to the slice in which it was sent. Slice 0 begins with
// the first send.
//
// Memory is bounded: slices that still receive records are kept open (at most kOpenSlices, about
// 100 kB each), the others are serialized to a few kilobytes. Beyond kMaxSlices, records are
// skipped and counted. One thread at a time.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "common/metrics/summary.h"
#include "coordinator/results/metric_block.h"

namespace drumfire {

struct Slice {
  // From t = 0 of the phase, ns.
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  bool is_complete = true;  // false for the last slice if it ends with the last request
  std::vector<MetricBlock> blocks;
};

class Slices {
 public:
  static constexpr size_t kOpenSlices = 128;
  static constexpr int64_t kMaxSlices = 10'000;
  // Records held back until the first one sent is known.
  static constexpr size_t kMaxHeld = 1000;

  // width_ns > 0.
  Slices(const MetricContext& context, int64_t width_ns) : context_(context), width_ns_(width_ns) {}

  void Add(const v1::Record& record);
  // last_end_ns: the end of the phase's last request. Slices without requests are omitted.
  std::vector<Slice> Finish(int64_t last_end_ns);
  uint64_t left_out() const { return left_out_; }

 private:
  void Begin();
  void Put(const v1::Record& record);
  MetricSummary* Open(int64_t index);
  void PutAway();

  const MetricContext context_;
  const int64_t width_ns_;
  bool has_begun_ = false;
  int64_t first_sent_ns_ = INT64_MAX;  // of all records
  int64_t origin_ns_ = 0;              // start of slice 0 for the assignment
  std::vector<v1::Record> held_;
  std::map<int64_t, MetricSummary> open_;
  std::list<int64_t> recently_used_;  // of open_, latest first
  std::map<int64_t, std::string> serialized_;
  uint64_t left_out_ = 0;
};

}  // namespace drumfire
