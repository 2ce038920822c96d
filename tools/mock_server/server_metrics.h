// The metrics at /metrics, under vLLM's names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire::mock {

// A Prometheus histogram of seconds. One thread.
class SecondsHistogram {
 public:
  // Ascending upper bounds; a last bucket of +Inf is added.
  explicit SecondsHistogram(std::vector<double> bounds_s)
      : bounds_s_(std::move(bounds_s)), counts_(bounds_s_.size() + 1) {}

  void Observe(int64_t ns);
  // The text lines of the histogram.
  void Append(absl::string_view name, absl::string_view labels, std::string* out) const;

 private:
  std::vector<double> bounds_s_;
  std::vector<uint64_t> counts_;
  double sum_s_ = 0;
};

struct ServerMetrics {
  ServerMetrics();

  int64_t running = 0;
  int64_t waiting = 0;
  uint64_t prompt_tokens = 0;
  uint64_t generation_tokens = 0;
  uint64_t finished_by_length = 0;
  uint64_t finished_by_stop = 0;
  SecondsHistogram ttft;
  SecondsHistogram itl;
  SecondsHistogram e2e;
  SecondsHistogram queue;

  // Prometheus text, format 0.0.4.
  std::string Text(absl::string_view model) const;
};

}  // namespace drumfire::mock
