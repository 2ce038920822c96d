#include "worker/sink/make_record.h"

#include <algorithm>

#include "common/json/json_unescape.h"

namespace drumfire {
namespace {

constexpr int64_t kDidNotHappen = -1;

int64_t SinceStart(int64_t time_ns, int64_t phase_start_ns) {
  if (time_ns == kDidNotHappen) return kDidNotHappen;
  const int64_t relative_ns = time_ns - phase_start_ns;
  // One ns before the start would read as "did not happen".
  return relative_ns == kDidNotHappen ? 0 : relative_ns;
}

// Its slot was free at over_ns; an exchange whose body was not waited for has none, or end_ns
// itself.
int64_t SlotHeld(const Exchange& exchange) {
  if (exchange.end_ns < 0) return 0;
  return std::max<int64_t>(0, exchange.over_ns - exchange.end_ns);
}

void SetTimes(const Exchange& exchange, int64_t start_ns, v1::Record* record) {
  record->set_intended_ns(SinceStart(exchange.intended_ns, start_ns));
  record->set_ready_ns(SinceStart(exchange.ready_ns, start_ns));
  record->set_sent_ns(SinceStart(exchange.sent_ns, start_ns));
  record->set_sent_end_ns(SinceStart(exchange.sent_end_ns, start_ns));
  record->set_head_ns(SinceStart(exchange.head_ns, start_ns));
  record->set_first_event_ns(SinceStart(exchange.first_event_ns, start_ns));
  record->set_first_token_ns(SinceStart(exchange.first_token_ns, start_ns));
  record->set_first_output_token_ns(SinceStart(exchange.first_output_token_ns, start_ns));
  record->set_last_token_ns(SinceStart(exchange.last_token_ns, start_ns));
  record->set_end_ns(SinceStart(exchange.end_ns, start_ns));
  record->set_slot_held_ns(SlotHeld(exchange));
  record->set_dns_ns(exchange.dns_ns);
  record->set_connect_ns(exchange.connect_ns);
  record->set_tls_ns(exchange.tls_ns);
}

void SetChunks(const Exchange& exchange, v1::RecordDetail detail, v1::Record* record) {
  if (detail == v1::RECORD_CHUNKS) {
    record->mutable_gaps_ns()->Reserve(static_cast<int>(exchange.gaps_ns.size()));
    // The kernel's stamps follow the wall clock, which may be set back: no gap is below zero.
    for (const int64_t gap_ns : exchange.gaps_ns) {
      record->add_gaps_ns(static_cast<uint64_t>(std::max<int64_t>(0, gap_ns)));
    }
  }
  record->set_content_chunks(exchange.content_chunks);
  record->set_reads(exchange.reads);
  record->set_coalesced_chunks(exchange.coalesced_chunks);
  record->set_own_coalesced_chunks(exchange.own_coalesced_chunks);
  // Chunks that this client read late tell nothing of how they came.
  const bool is_evidence = exchange.own_coalesced_chunks == 0;
  record->set_delayed_ack_ns(is_evidence ? exchange.delayed_ack_ns : 0);
  record->set_delayed_ack_chunks(is_evidence ? exchange.delayed_ack_chunks : 0);
  record->set_segment_losses(exchange.segment_losses);
  record->set_stamps(exchange.stamps);
  record->set_refused_stamps(exchange.refused_stamps);
}

void SetOutcome(const Exchange& exchange, v1::Record* record) {
  record->set_outcome(exchange.outcome);
  record->set_http_status(static_cast<uint32_t>(exchange.http_status));
  record->set_connection_reused(exchange.connection_reused);
  record->set_connection_replaced(exchange.connection_replaced);
  record->set_retries(exchange.retries);
  record->set_body_left_open(exchange.body_left_open);
  record->set_stale_connection_ns(exchange.stale_connection_ns);
  record->set_without_usage(exchange.without_usage);
  record->set_bytes_sent(exchange.bytes_sent);
  record->set_bytes_received(exchange.bytes_received);
  if (exchange.error == v1::ERROR_NONE && exchange.outcome != v1::OUTCOME_FAILED) return;
  v1::RequestError* error = record->mutable_error();
  error->set_kind(exchange.error);
  // A protobuf string must be UTF-8, or the receiver refuses the whole batch; a server may say
  // anything.
  AppendValidUtf8(exchange.error_message, kMaxErrorMessageBytes, error->mutable_message());
  AppendValidUtf8(exchange.http_reason, kMaxErrorMessageBytes, error->mutable_reason());
}

void SetRequest(const Exchange& exchange, v1::Record* record) {
  record->set_session(exchange.session);
  record->set_turn(exchange.turn);
  record->set_turns(exchange.turns);
  record->set_turn_delay_ns(exchange.turn_delay_ns);
  record->set_phase(exchange.phase);
  record->set_url(exchange.url);
  record->set_model(exchange.model);
  record->set_entry(exchange.entry);
  record->set_isl(exchange.isl);
  record->set_requested_osl(exchange.requested_osl);
}

}  // namespace

void MakeRecord(const Exchange& exchange, int64_t phase_start_ns, v1::RecordDetail detail,
                v1::Record* record) {
  SetRequest(exchange, record);
  SetOutcome(exchange, record);
  SetTimes(exchange, phase_start_ns, record);
  SetChunks(exchange, detail, record);
  if (exchange.has_usage) *record->mutable_usage() = exchange.usage;
  record->set_usage_malformed(exchange.usage_malformed);
}

}  // namespace drumfire
