#include "tools/mock_server/server_metrics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace drumfire::mock {
namespace {

std::vector<double> TtftBounds() {
  return {0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75,
          1.0,   2.5,   5.0,  7.5,  10,   20,   40,   80,  160,  640, 2560};
}

std::vector<double> ItlBounds() {
  return {0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5,
          0.75, 1.0,   2.5,  5.0,   7.5, 10,   20,  40,  80};
}

std::vector<double> RequestBounds() {
  return {0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5,   10,   15,  20,
          30,  40,  50,  60,  120, 240, 480, 960, 1920, 7680};
}

// Label values escape backslash, quote and newline.
std::string Labels(absl::string_view model) {
  return absl::StrCat("engine=\"0\",model_name=\"",
                      absl::StrReplaceAll(model, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}}),
                      "\"");
}

void AppendMetricHeader(absl::string_view name, absl::string_view type, absl::string_view help,
                        std::string* out) {
  absl::StrAppend(out, "# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n");
}

template <typename Value>
void AppendValue(absl::string_view name, absl::string_view labels, Value value, std::string* out) {
  absl::StrAppend(out, name, "{", labels, "} ", value, "\n");
}

}  // namespace

void SecondsHistogram::Observe(int64_t ns) {
  const double seconds = static_cast<double>(ns) * 1e-9;
  const auto bucket = std::lower_bound(bounds_s_.begin(), bounds_s_.end(), seconds);
  ++counts_[static_cast<size_t>(bucket - bounds_s_.begin())];
  sum_s_ += seconds;
}

void SecondsHistogram::Append(absl::string_view name, absl::string_view labels,
                              std::string* out) const {
  uint64_t total = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    total += counts_[i];
    const std::string bound = i < bounds_s_.size() ? absl::StrCat(bounds_s_[i]) : "+Inf";
    absl::StrAppend(out, name, "_bucket{", labels, ",le=\"", bound, "\"} ", total, "\n");
  }
  AppendValue(absl::StrCat(name, "_count"), labels, total, out);
  AppendValue(absl::StrCat(name, "_sum"), labels, absl::StrFormat("%.12g", sum_s_), out);
}

ServerMetrics::ServerMetrics()
    : ttft(TtftBounds()), itl(ItlBounds()), e2e(RequestBounds()), queue(RequestBounds()) {}

std::string ServerMetrics::Text(absl::string_view model) const {
  const std::string labels = Labels(model);
  std::string out;
  const auto add = [&](absl::string_view name, absl::string_view type, absl::string_view help,
                       auto value) {
    AppendMetricHeader(name, type, help, &out);
    AppendValue(name, labels, value, &out);
  };
  const auto add_histogram = [&](absl::string_view name, absl::string_view help,
                                 const SecondsHistogram& histogram) {
    AppendMetricHeader(name, "histogram", help, &out);
    histogram.Append(name, labels, &out);
  };
  add("vllm:num_requests_running", "gauge", "Requests being answered.", running);
  add("vllm:num_requests_waiting", "gauge", "Requests in the queue.", waiting);
  add("vllm:prompt_tokens_total", "counter", "Prompt tokens.", prompt_tokens);
  add("vllm:generation_tokens_total", "counter", "Generated tokens.", generation_tokens);
  AppendMetricHeader("vllm:request_success_total", "counter", "Requests answered to their end.",
                     &out);
  const std::pair<absl::string_view, uint64_t> finished[] = {{"length", finished_by_length},
                                                             {"stop", finished_by_stop}};
  for (const auto& [reason, count] : finished) {
    AppendValue("vllm:request_success_total",
                absl::StrCat(labels, ",finished_reason=\"", reason, "\""), count, &out);
  }
  add_histogram("vllm:time_to_first_token_seconds", "Arrival to first text.", ttft);
  add_histogram("vllm:inter_token_latency_seconds", "Between texts.", itl);
  add_histogram("vllm:e2e_request_latency_seconds", "Arrival to end.", e2e);
  add_histogram("vllm:request_queue_time_seconds", "Time in the queue.", queue);
  return out;
}

}  // namespace drumfire::mock
