#include "coordinator/ingest/record_check.h"

#include "absl/strings/str_cat.h"
#include "common/plan/validate_plan.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr int64_t kDidNotHappen = -1;
constexpr size_t kMaxMessageBytes = 4096;
constexpr uint32_t kMaxHttpStatus = 999;

class RecordChecker {
 public:
  RecordChecker(const v1::Record& record, const v1::Plan& plan) : record_(record), plan_(plan) {}

  absl::Status Check() const {
    DRUMFIRE_RETURN_IF_ERROR(CheckRequest());
    DRUMFIRE_RETURN_IF_ERROR(CheckOutcome());
    DRUMFIRE_RETURN_IF_ERROR(CheckTimes());
    DRUMFIRE_RETURN_IF_ERROR(CheckDurations());
    return CheckCounts();
  }

 private:
  template <typename Value>
  absl::Status Bad(absl::string_view field, Value value) const {
    return absl::InvalidArgumentError(absl::StrCat("session ", record_.session(), " of phase ",
                                                   record_.phase(), ": ", field, " cannot be ",
                                                   value));
  }

  absl::Status CheckRequest() const {
    if (record_.phase() >= static_cast<uint32_t>(plan_.phases_size())) {
      return Bad("phase", record_.phase());
    }
    if (record_.url() >= static_cast<uint32_t>(plan_.urls_size())) return Bad("url", record_.url());
    if (record_.model() >= static_cast<uint32_t>(plan_.models_size())) {
      return Bad("model", record_.model());
    }
    if (record_.turns() > plan_limits::kMaxTurns) return Bad("turns", record_.turns());
    const bool has_turn = record_.turn() == 0 || record_.turn() < record_.turns();
    return has_turn ? absl::OkStatus() : Bad("turn", record_.turn());
  }

  absl::Status CheckOutcome() const {
    if (!v1::Outcome_IsValid(record_.outcome())) {
      return Bad("outcome", static_cast<int>(record_.outcome()));
    }
    const v1::RequestError& error = record_.error();
    if (!v1::ErrorClass_IsValid(error.kind())) {
      return Bad("error.kind", static_cast<int>(error.kind()));
    }
    if (record_.http_status() > kMaxHttpStatus) return Bad("http_status", record_.http_status());
    const size_t text_bytes = error.message().size() + error.reason().size();
    return text_bytes <= kMaxMessageBytes ? absl::OkStatus() : Bad("error's bytes", text_bytes);
  }

  absl::Status CheckTimes() const {
    const std::pair<absl::string_view, int64_t> times[] = {
        {"sent_ns", record_.sent_ns()},
        {"sent_end_ns", record_.sent_end_ns()},
        {"head_ns", record_.head_ns()},
        {"first_event_ns", record_.first_event_ns()},
        {"first_token_ns", record_.first_token_ns()},
        {"first_output_token_ns", record_.first_output_token_ns()},
        {"last_token_ns", record_.last_token_ns()},
        {"end_ns", record_.end_ns()}};
    for (const auto& [field, time_ns] : times) {
      if (time_ns < kDidNotHappen || time_ns > kMaxRecordNs) return Bad(field, time_ns);
    }
    // These may lie before the phase's start.
    for (const auto& [field, time_ns] : {std::pair{"intended_ns", record_.intended_ns()},
                                         std::pair{"ready_ns", record_.ready_ns()}}) {
      if (time_ns < -kMaxRecordNs || time_ns > kMaxRecordNs) return Bad(field, time_ns);
    }
    return CheckOrder();
  }

  absl::Status CheckOrder() const {
    const bool was_sent = record_.sent_ns() >= 0;
    const bool completed = record_.outcome() == v1::OUTCOME_COMPLETED;
    if (completed && !was_sent) return Bad("sent_ns", record_.sent_ns());
    if (completed && record_.end_ns() < record_.sent_ns()) return Bad("end_ns", record_.end_ns());
    return absl::OkStatus();
  }

  absl::Status CheckDurations() const {
    const std::pair<absl::string_view, int64_t> durations[] = {
        {"dns_ns", record_.dns_ns()},
        {"connect_ns", record_.connect_ns()},
        {"tls_ns", record_.tls_ns()},
        {"stale_connection_ns", record_.stale_connection_ns()},
        {"delayed_ack_ns", record_.delayed_ack_ns()},
        {"slot_held_ns", record_.slot_held_ns()},
        {"turn_delay_ns", record_.turn_delay_ns()}};
    for (const auto& [field, duration_ns] : durations) {
      if (duration_ns < 0 || duration_ns > kMaxRecordNs) return Bad(field, duration_ns);
    }
    for (const uint64_t gap_ns : record_.gaps_ns()) {
      if (gap_ns > static_cast<uint64_t>(kMaxRecordNs)) return Bad("a gap of gaps_ns", gap_ns);
    }
    return absl::OkStatus();
  }

  absl::Status CheckCounts() const {
    if (record_.output_tokens() > plan_limits::kMaxSequenceTokens) {
      return Bad("output_tokens", record_.output_tokens());
    }
    if (record_.reasoning_tokens() > plan_limits::kMaxSequenceTokens) {
      return Bad("reasoning_tokens", record_.reasoning_tokens());
    }
    const auto gaps = static_cast<uint32_t>(record_.gaps_ns_size());
    if (gaps > record_.content_chunks()) return Bad("the number of gaps_ns", gaps);
    if (record_.coalesced_chunks() > record_.content_chunks()) {
      return Bad("coalesced_chunks", record_.coalesced_chunks());
    }
    return absl::OkStatus();
  }

  const v1::Record& record_;
  const v1::Plan& plan_;
};

}  // namespace

absl::Status CheckRecord(const v1::Record& record, const v1::Plan& plan) {
  return RecordChecker(record, plan).Check();
}

}  // namespace drumfire
