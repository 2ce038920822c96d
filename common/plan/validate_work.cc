#include "common/plan/validate_work.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/dialect/dialect.h"
#include "common/plan/check.h"
#include "common/plan/conversations.h"
#include "common/plan/validate_plan.h"

namespace drumfire::plan_check {
namespace {

// A normal draw from 53 random bits lies no further from its mean.
constexpr double kMostDeviations = 9;

double Longest(double mean, double stddev, double most) {
  return std::min(mean + kMostDeviations * stddev, most);
}

uint32_t TextsOf(const v1::Endpoint& endpoint) {
  const Dialect* dialect = FindDialect(endpoint.type());
  return dialect != nullptr && dialect->takes_batches ? endpoint.batch_size() : 1;
}

double MostTurns(const v1::Dataset& dataset) {
  if (!HasConversations(dataset)) return 1;
  return std::max(1.0,
                  Longest(dataset.turns_mean(), dataset.turns_stddev(), plan_limits::kMaxTurns));
}

}  // namespace

absl::Status RequestSize(const v1::Plan& plan) {
  const v1::Dataset& dataset = plan.dataset();
  if (dataset.kind() != v1::DATASET_SYNTHETIC) return absl::OkStatus();
  const double tokens =
      Longest(dataset.isl_mean(), dataset.isl_stddev(), plan_limits::kMaxSequenceTokens);
  const uint32_t texts = TextsOf(plan.endpoint());
  const double turns = MostTurns(dataset);
  if (tokens * texts * turns <= plan_limits::kMaxRequestTokens) return absl::OkStatus();
  return Wrong("dataset.isl_mean",
               absl::StrFormat("up to %.0f tokens x %u texts x %.0f turns = %.0f in one request",
                               tokens, texts, turns, tokens * texts * turns),
               absl::StrFormat("at most %.0f", plan_limits::kMaxRequestTokens));
}

absl::Status HeadSize(const v1::Plan& plan) {
  size_t headers_bytes = 0;
  for (const v1::Header& header : plan.endpoint().headers()) {
    headers_bytes += header.name().size() + header.value().size();
  }
  const auto urls = static_cast<size_t>(plan.urls_size());
  if (headers_bytes * urls <= plan_limits::kMaxHeadBytes) return absl::OkStatus();
  return Wrong("endpoint.headers", absl::StrCat(headers_bytes, " bytes for ", urls, " urls"),
               absl::StrCat("at most ", plan_limits::kMaxHeadBytes, " bytes over all urls"));
}

absl::Status SessionsOf(const v1::Phase& phase) {
  const bool is_counted = phase.request_count() > 0 || phase.session_count() > 0;
  if (phase.mode() != v1::LOAD_RATE || is_counted) return absl::OkStatus();
  const double seconds = static_cast<double>(phase.duration_ns()) / kNsPerSecond;
  const double sessions = phase.request_rate() * seconds;
  if (sessions <= static_cast<double>(plan_limits::kMaxRequestCount)) return absl::OkStatus();
  return Wrong("request_rate",
               absl::StrFormat("%g per second for %.0f s = %.3g sessions", phase.request_rate(),
                               seconds, sessions),
               absl::StrCat("at most ", plan_limits::kMaxRequestCount));
}

}  // namespace drumfire::plan_check
