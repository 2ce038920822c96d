// Does /metrics match the expectations of a Prometheus scraper for vLLM?
#include "tools/mock_server/server_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire::mock {
namespace {

using testing::HasSubstr;

TEST(SecondsHistogram, BucketsAreCumulativeAndBoundsInclusive) {
  SecondsHistogram histogram({0.1, 1});
  histogram.Observe(100'000'000);
  histogram.Observe(500'000'000);
  histogram.Observe(2'000'000'000);
  std::string text;
  histogram.Append("h", "a=\"b\"", &text);
  EXPECT_EQ(text,
            "h_bucket{a=\"b\",le=\"0.1\"} 1\nh_bucket{a=\"b\",le=\"1\"} 2\n"
            "h_bucket{a=\"b\",le=\"+Inf\"} 3\nh_count{a=\"b\"} 3\nh_sum{a=\"b\"} 2.6\n");
}

TEST(ServerMetrics, CarryVllmNamesAndLabels) {
  ServerMetrics metrics;
  metrics.running = 3;
  metrics.finished_by_stop = 2;
  const std::string text = metrics.Text("a\"b");
  EXPECT_THAT(text,
              HasSubstr("\nvllm:num_requests_running{engine=\"0\",model_name=\"a\\\"b\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("vllm:request_success_total{engine=\"0\",model_name=\"a\\\"b\","
                              "finished_reason=\"stop\"} 2\n"));
  for (const char* name :
       {"vllm:num_requests_waiting", "vllm:prompt_tokens_total", "vllm:generation_tokens_total",
        "vllm:time_to_first_token_seconds_bucket", "vllm:inter_token_latency_seconds_count",
        "vllm:e2e_request_latency_seconds_sum", "vllm:request_queue_time_seconds_bucket"}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
}

}  // namespace
}  // namespace drumfire::mock
