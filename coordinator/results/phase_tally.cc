#include "coordinator/results/phase_tally.h"

#include <algorithm>

#include "coordinator/results/verdict.h"

namespace drumfire {
namespace {

// Between the moment a request could be sent and the send: its new connection, and a stale one.
int64_t NetworkNs(const v1::Record& record) {
  const int64_t connect_ns =
      record.connection_reused() ? 0 : record.dns_ns() + record.connect_ns() + record.tls_ns();
  return connect_ns + record.stale_connection_ns();
}

}  // namespace

void TimeSpan::Add(int64_t ns) {
  first_ns = std::min(first_ns, ns);
  last_ns = std::max(last_ns, ns);
}

void RateSpans::Add(const v1::Record& record, int64_t late_after_ns) {
  ++scheduled;
  intended.Add(record.intended_ns());
  if (record.outcome() == v1::OUTCOME_DROPPED) {
    const bool had_slot = record.ready_ns() < record.intended_ns() + late_after_ns;
    client_drops += had_slot ? 1 : 0;
    return;
  }
  if (record.sent_ns() < 0) {
    ++unsent;
    return;
  }
  ++sent;
  sent_intended.Add(record.intended_ns());
  sent_ready.Add(record.ready_ns());
  sent_at.Add(record.sent_ns());
  sent_at_best.Add(record.sent_ns() - NetworkNs(record));
}

void StampTally::Add(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_DROPPED || record.sent_ns() < 0) return;
  gaps += record.content_chunks() > 0 ? record.content_chunks() - 1 : 0;
  coalesced_chunks += record.coalesced_chunks();
  own_coalesced_chunks += record.own_coalesced_chunks();
  reads += record.reads();
  refused_stamps += record.refused_stamps();
  ++(record.stamps() == v1::STAMP_KERNEL ? kernel_records : user_records);
  without_usage += record.without_usage() ? 1 : 0;
  left_open += record.body_left_open() ? 1 : 0;
  if (record.outcome() == v1::OUTCOME_COMPLETED) AddAnswer(record);
  if (record.tokens_known())
    ++(record.tokens_from_usage() ? tokens_from_usage : tokens_from_tokenizer);
}

void StampTally::AddAnswer(const v1::Record& record) {
  const uint64_t tokens = uint64_t{record.output_tokens()} + record.reasoning_tokens();
  if (tokens == 0) return;
  unstreamed += record.content_chunks() == 0 ? 1 : 0;
  if (record.content_chunks() == 0) return;
  streamed_tokens += tokens;
  streamed_chunks += record.content_chunks();
}

void SendDelay::Add(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_DROPPED || record.sent_ns() < 0) return;
  const int64_t late_ns =
      std::max<int64_t>(0, record.sent_ns() - record.ready_ns() - NetworkNs(record));
  values_ns.Add(late_ns);
  if (record.ready_ns() > 0) {
    later_ns += static_cast<double>(late_ns);
    return;
  }
  first_wave_ns += static_cast<double>(late_ns);
  first_wave_longest_ns = std::max(first_wave_longest_ns, late_ns);
}

double JudgedP99(const Distribution& values) {
  const auto requests = static_cast<double>(values.count());
  const double late = std::max(verdict_bounds::kLeastLateRequests, 0.01 * requests);
  return late >= requests ? static_cast<double>(values.min())
                          : values.Percentile(100 * (requests - late) / requests);
}

void PhaseTally::Add(const v1::Record& record, uint32_t worker) {
  summary.Add(record);
  goal_misses.Add(record);
  errors.Add(record);
  in_flight.Add(record);
  // A closed loop has no schedule to be even against, and later turns follow the answers.
  if (record.intended_ns() >= 0 && record.turn() == 0) {
    send_gaps.Add(record);
    spans.Add(record, late_after_ns);
  }
  send_delay.Add(record);
  if (record.outcome() != v1::OUTCOME_DROPPED && record.sent_ns() >= 0) sent.Add(record.sent_ns());
  stamps.Add(record);
  connections.Add(record);
  received[worker].Add(record);
}

}  // namespace drumfire
