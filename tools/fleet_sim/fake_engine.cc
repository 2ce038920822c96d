#include "tools/fleet_sim/fake_engine.h"

#include <utility>

namespace drumfire::fleet_sim {
namespace {

constexpr int kHttpOk = 200;
// What a small request and each chunk of a streamed answer have on the wire.
constexpr uint64_t kRequestBytes = 600;
constexpr uint64_t kChunkBytes = 200;

}  // namespace

void FakeEngine::Send(std::unique_ptr<Exchange> exchange) {
  exchange->sent_ns = answer_.service_ns > 0 ? exchange->ready_ns : clock_.MonotonicNs();
  exchange->sent_end_ns = exchange->sent_ns;
  exchange->bytes_sent = kRequestBytes;
  counters_.bytes_sent += kRequestBytes;
  if (answer_.service_ns == 0) {
    Answer(exchange.get());
    counters_.bytes_received += exchange->bytes_received;
    return owner_->OnFinished(std::move(exchange));
  }
  in_flight_.push_back(std::move(exchange));
}

int64_t FakeEngine::NextAnswerNs() const {
  return in_flight_.empty() ? INT64_MAX : in_flight_.front()->sent_ns + answer_.service_ns;
}

void FakeEngine::Poll(int64_t, bool) {
  while (NextAnswerNs() <= clock_.MonotonicNs()) {
    std::unique_ptr<Exchange> exchange = std::move(in_flight_.front());
    in_flight_.pop_front();
    Answer(exchange.get());
    counters_.bytes_received += exchange->bytes_received;
    owner_->OnFinished(std::move(exchange));
  }
}

// The first chunk comes after an even share of the service time, the last at its end.
void FakeEngine::Answer(Exchange* exchange) const {
  const int64_t gap_ns = answer_.service_ns / answer_.chunks;
  exchange->outcome = v1::OUTCOME_COMPLETED;
  exchange->http_status = kHttpOk;
  exchange->connection_reused = true;
  exchange->end_ns = exchange->sent_ns + answer_.service_ns;
  exchange->first_token_ns = exchange->end_ns - gap_ns * (answer_.chunks - 1);
  exchange->head_ns = exchange->first_event_ns = exchange->first_output_token_ns =
      exchange->first_token_ns;
  exchange->last_token_ns = exchange->end_ns;
  exchange->gaps_ns.assign(answer_.chunks - 1, gap_ns);
  exchange->content_chunks = exchange->reads = answer_.chunks;
  exchange->bytes_received = answer_.chunks * kChunkBytes;
  exchange->has_usage = true;
  exchange->usage.set_prompt_tokens(exchange->isl);
  exchange->usage.set_completion_tokens(answer_.chunks);
  exchange->usage.set_total_tokens(exchange->isl + answer_.chunks);
}

void FakeEngine::CancelAll() {
  for (auto& exchange : std::exchange(in_flight_, {})) {
    exchange->outcome = v1::OUTCOME_CANCELLED;
    exchange->end_ns = clock_.MonotonicNs();
    owner_->OnFinished(std::move(exchange));
  }
}

}  // namespace drumfire::fleet_sim
