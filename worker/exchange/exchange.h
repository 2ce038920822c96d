// One request and its response: created by dispatch, completed by the engine, read by the sink. It
// has one owner at a time and moves between threads with its owner. All times are CLOCK_MONOTONIC
// ns; -1 = did not happen.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "drumfire/v1/record.pb.h"

namespace drumfire {

// One turn of a session, as dispatch hands it to the engine.
struct TurnRequest {
  uint64_t session = 0;
  uint32_t turn = 0;
  uint32_t turns = 1;  // of the session
  uint32_t phase = 0;
  uint32_t url = 0;    // index into Plan.urls
  uint32_t model = 0;  // index into Plan.models
  uint64_t entry = 0;
  uint32_t isl = 0;
  uint32_t requested_osl = 0;
  int64_t turn_delay_ns = 0;  // from the end of the turn before
  int64_t intended_ns = -1;
  int64_t ready_ns = -1;
  // Replies to the earlier turns, UTF-8. The last one keeps its JSON escapes until the request
  // maker decodes it.
  std::vector<std::string> replies;
  std::string head;  // request line and headers, with the empty line, Content-Length included
  std::shared_ptr<const std::string> body;  // first turns of the same entry share it
  bool without_usage =
      false;  // stream_options was removed from the body because the server refuses it

  bool is_last_turn() const { return turn + 1 >= turns; }
  // Sticky connections: requests with the same key share a connection.
  uint64_t session_key() const { return uint64_t{phase} << 56 | session; }
};

// The request, and what came back: set by the engine.
struct Exchange : TurnRequest {
  v1::Outcome outcome = v1::OUTCOME_COMPLETED;
  v1::ErrorClass error = v1::ERROR_NONE;
  std::string
      error_message;  // at most kMaxErrorMessageBytes, the body as received or our own message
  std::string http_reason;
  int http_status = 0;
  int64_t sent_ns = -1;      // just before the send call that took the first byte
  int64_t sent_end_ns = -1;  // after the send call that took the last byte
  int64_t send_call_ns = 0;  // length of the first send call: bounds the send stamp's uncertainty
  int64_t head_ns = -1;      // first byte of the (final, not 1xx) response head
  int64_t first_event_ns = -1;         // first SSE event or body byte
  int64_t first_token_ns = -1;         // first non-empty text of any kind
  int64_t first_output_token_ns = -1;  // first non-empty text that is not reasoning
  int64_t last_token_ns = -1;
  int64_t end_ns = -1;   // response complete, or the failure
  int64_t over_ns = -1;  // its slot is free; later than end_ns if the end of the body was awaited
  bool body_left_open = false;
  int64_t dns_ns = 0, connect_ns = 0, tls_ns = 0;  // durations on a new connection; 0 = reused
  int64_t connect_wait_ns = 0;  // part of connect_ns: the address was paced (ConnectGate)
  bool connection_reused = false;
  bool connection_replaced = false;  // its new connection replaced one closed by the other side
  uint32_t retries = 0;              // resends because the connection was stale
  int64_t stale_connection_ns = 0;   // from the first send until that was known
  std::vector<int64_t>
      gaps_ns;  // gaps between content chunks; empty if the plan keeps no chunk times
  uint32_t content_chunks = 0;
  uint32_t reads = 0;                 // socket reads that contained content
  uint32_t coalesced_chunks = 0;      // content chunks that shared a read with an earlier one
  uint32_t own_coalesced_chunks = 0;  // of these, in a read that this client was late for
  int64_t delayed_ack_ns = 0;         // DelayedAckWatch's silence; 0 = not that pattern
  uint32_t delayed_ack_chunks = 0;
  uint32_t segment_losses = 0;  // of its connection, since the previous request
  v1::StampSource stamps = v1::STAMP_USER;
  uint32_t kernel_stamps = 0;
  uint32_t refused_stamps = 0;
  uint64_t bytes_sent = 0;
  uint64_t bytes_received = 0;

  // Text as it stands inside the JSON strings (still escaped), for the tokenizer. Bounded by
  // kMaxKeptTextBytes.
  std::string escaped_text;  // content and tool-call arguments
  std::string escaped_reasoning;
  bool text_cut = false;    // the bound was reached: token counts then come from usage
  bool has_output = false;  // some text, reasoning or tool call arrived, kept or not
  bool has_usage = false;
  bool usage_malformed = false;  // the usage object contained a value that is not a count
  v1::Usage usage;
};

constexpr size_t kMaxErrorMessageBytes = 500;
constexpr size_t kMaxKeptTextBytes = 4 << 20;

}  // namespace drumfire
