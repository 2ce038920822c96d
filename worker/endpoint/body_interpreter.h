// Fills an Exchange from a response's head and decoded body: status, stamps, gaps, text, usage,
// outcome. Both engines use it: curl directly, native through ResponseInterpreter. One per
// connection, reused; one thread.
//
// All content of one stamp counts as one read: its first chunk carries the gap since the chunk
// before, the others gap 0 (unseen_gaps). A failure in the body does not end the response: the rest
// is read and dropped, so that the connection stays usable, and the first failure stands.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "drumfire/v1/record.pb.h"
#include "worker/endpoint/event_shape.h"
#include "worker/endpoint/response_reader.h"
#include "worker/engine/exchange.h"
#include "worker/http/held_bytes.h"
#include "worker/http/response_head.h"
#include "worker/http/sse_parser.h"

namespace drumfire {

// When a read's bytes arrived: CLOCK_MONOTONIC ns.
struct ReadStamp {
  int64_t ns = -1;
  v1::StampSource source = v1::STAMP_USER;
};

struct InterpreterOptions {
  bool keep_gaps = true;  // RECORD_CHUNKS
  bool keep_text = true;  // tokens are counted from the text
};

// A JSON body larger than this is an error.
constexpr size_t kMaxBodyBytes = 256 << 20;

// Marks the exchange failed unless it already is (the first failure stands); message is cut to
// kMaxErrorMessageBytes.
void FailExchange(v1::ErrorClass error, absl::string_view message, Exchange* exchange);

class BodyInterpreter {
 public:
  // reader: not owned; shared by all interpreters of a thread.
  BodyInterpreter(ResponseReader* reader, InterpreterOptions options)
      : reader_(reader), options_(options) {}

  // A response to this exchange (not owned) comes next.
  void Start(Exchange* exchange);
  // The final head. stamp: of its first byte, or of the read that completed it when the former is
  // not known.
  void OnHead(const ResponseHead& head, ReadStamp stamp);
  // A part of the body, decoded. Call EndRead when the memory behind body goes away.
  void OnBody(absl::string_view body, ReadStamp stamp);
  void EndRead();
  // The body is over; complete = false: it was cut short. Sets outcome and end_ns. bytes given
  // since the last EndRead must still be there.
  void OnEnd(bool complete, ReadStamp stamp);

  // The model's last sign of life, ns: the head or an event that is no comment; -1 before the head.
  int64_t last_life_ns() const { return last_life_ns_; }

 private:
  enum class BodyKind : uint8_t { kUndecided, kEvents, kJson, kErrorText, kDropped };

  void DecideKind(absl::string_view body);
  void OnEvents(absl::string_view body);
  void OnEvent(absl::string_view data);
  void OnJson(absl::string_view body);
  void FinishEvents(bool complete);
  void FinishJson(bool complete);
  void TakeContent(const EventContent& content, absl::string_view data);
  void CountContentChunk();
  void Fail(v1::ErrorClass error, absl::string_view message);
  TextSink MakeTextSink();

  ResponseReader* reader_;
  InterpreterOptions options_;
  Exchange* exchange_ = nullptr;
  BodyKind kind_ = BodyKind::kUndecided;
  bool is_event_stream_ = false;
  bool has_events_ = false;
  int64_t last_life_ns_ = -1;
  int64_t stamp_ns_ = -1;  // of the present read
  SseParser events_;
  EventShape shape_;
  HeldBytes body_;
};

}  // namespace drumfire
