// Accounts for a connection's requests, one at a time: the truth log's record and the metrics.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "tools/mock_server/answer.h"
#include "tools/mock_server/http_request.h"
#include "tools/mock_server/server_metrics.h"
#include "tools/mock_server/truth_log.h"

namespace drumfire::mock {

// One per connection; one thread. All stamps are CLOCK_MONOTONIC. Call in this order, once per
// request:
//
//     Arrive, Describe, Answer, Begin, Send*, CountTokens*, End
class RequestAccounting {
 public:
  // `metrics` and `truth` (which may be null) must outlive it. client: the peer's address.
  RequestAccounting(ServerMetrics* metrics, TruthLog* truth, absl::string_view persona,
                    std::string client)
      : metrics_(*metrics), truth_(truth), persona_(persona), client_(std::move(client)) {}

  // The first byte of a request has arrived.
  void Arrive(int64_t arrival_ns);
  // The request has been read; now_ns and wall_ns are the current times.
  void Describe(const HttpRequest& request, int64_t now_ns, int64_t wall_ns, bool with_sha256);
  void Answer(const drumfire::mock::Answer& answer);
  void Begin(int64_t now_ns);
  // Call just before the send call; `text_events` events in the bytes carry text.
  void Send(int64_t now_ns, int text_events);
  void CountTokens(int tokens);
  // The request has ended; `whole`: its answer was sent completely.
  void End(int64_t now_ns, bool whole, bool client_closed);

 private:
  void CountText(int64_t now_ns, int events);

  ServerMetrics& metrics_;
  TruthLog* const truth_;
  const absl::string_view persona_;
  const std::string client_;
  TruthRecord record_;
  bool generates_ = false;
  bool finished_by_length_ = false;
  int64_t last_text_ns_ = 0;
};

}  // namespace drumfire::mock
