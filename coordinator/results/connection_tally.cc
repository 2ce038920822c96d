#include "coordinator/results/connection_tally.h"

#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/plan/delayed_ack_chunks.h"
#include "coordinator/results/share.h"

namespace drumfire {

void ConnectionTally::Add(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_DROPPED || record.sent_ns() < 0) return;
  opened += record.connection_reused() ? 0 : 1;
  replacing += record.connection_replaced() ? 1 : 0;
  lossy += record.segment_losses() > 0 ? 1 : 0;
  if (record.retries() > 0) {
    ++sent_again;
    stale_ns.Add(record.stale_connection_ns());
  }
  if (record.outcome() == v1::OUTCOME_COMPLETED && record.content_chunks() > 0) AddStream(record);
}

void ConnectionTally::AddStream(const v1::Record& record) {
  const bool shows_delay = record.delayed_ack_ns() > 0;
  if (!record.connection_reused()) {
    ++new_streams;
    delayed_acks_of_new += shows_delay ? 1 : 0;
    return;
  }
  ++reused_streams;
  if (!shows_delay) return;
  delayed_ack_ns.Add(record.delayed_ack_ns());
  clear_delayed_acks += record.delayed_ack_chunks() >= kClearDelayedAckChunks ? 1 : 0;
}

double ConnectionTally::DelayedAckShare() const {
  const double share = Share(delayed_acks(), reused_streams);
  const bool is_contradicted = 2 * Share(delayed_acks_of_new, new_streams) > share;
  return is_contradicted ? ClearDelayedAckShare() : share;
}

double ConnectionTally::ClearDelayedAckShare() const {
  return Share(clear_delayed_acks, reused_streams);
}

std::string SentAgainNote(const ConnectionTally& connections) {
  if (connections.sent_again == 0) return "";
  return absl::StrFormat(
      "%d request(s) were sent again on a new connection, since the one they were sent on was "
      "stale: "
      "the server or a balancer had dropped it (median %.1f ms until that was known). That time is "
      "the network's, and the server may have seen these requests twice.",
      connections.sent_again, connections.stale_ns.Percentile(50) / kNsPerMs);
}

}  // namespace drumfire
