#include "coordinator/run/error_watch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

std::string LastOf(const v1::Record& record) {
  return absl::StrCat("; the last one: ", record.error().message().empty()
                                              ? absl::StrCat("status ", record.http_status())
                                              : record.error().message());
}

}  // namespace

ErrorWatch::ErrorWatch(const v1::Plan& plan) : limits_(plan.error_limits()) {
  for (const v1::Phase& phase : plan.phases()) {
    counts_.emplace_back().least_finished = std::max<uint64_t>(phase.concurrency(), kLeastFinished);
  }
}

void ErrorWatch::Add(const v1::Record& record) {
  const bool has_failed = record.outcome() == v1::OUTCOME_FAILED;
  if (!has_failed && record.outcome() != v1::OUTCOME_COMPLETED) return;
  if (record.phase() >= counts_.size()) return;
  Counts& counts = counts_[record.phase()];
  ++counts.finished;
  counts.failed += has_failed ? 1 : 0;
  counts.in_a_row = has_failed ? counts.in_a_row + 1 : 0;
  if (!reached_.empty()) return;
  if (limits_.max_consecutive_errors() > 0 && counts.in_a_row >= limits_.max_consecutive_errors()) {
    reached_ = absl::StrCat(counts.in_a_row, " requests failed in a row (--max-consecutive-errors ",
                            limits_.max_consecutive_errors(), ")", LastOf(record));
  } else if (IsShareTooHigh(counts)) {
    reached_ = absl::StrCat(counts.failed, " of ", counts.finished,
                            " requests failed (--failed-request-threshold ",
                            limits_.max_failed_share(), ")");
    if (has_failed) reached_ += LastOf(record);
  }
}

bool ErrorWatch::IsShareTooHigh(const Counts& counts) const {
  return limits_.has_max_failed_share() && counts.finished >= counts.least_finished &&
         static_cast<double>(counts.failed) >
             limits_.max_failed_share() * static_cast<double>(counts.finished);
}

}  // namespace drumfire
