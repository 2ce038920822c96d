// Fills an Exchange from a response's head and decoded body: status, stamps, gaps, text, usage,
// outcome. Both engines use it: curl directly, native through ResponseInterpreter. One per
// connection, reused; one thread.
//
// [DONE], and a failure in an event stream, end the response: has_ended() is true from then on, and
// end_ns will be that moment. What still comes until the body's own end counts, usage above all.
//
// All content of one stamp counts as one read: its first chunk carries the gap since the chunk
// before, the others gap 0 (coalesced_chunks). What follows a failure is read and dropped, so that
// the connection stays usable, and the first failure stands.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/dialect/event_shape.h"
#include "common/dialect/response_reader.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"
#include "worker/exchange/exchange.h"
#include "worker/http/byte_budget.h"
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
  bool keep_gaps = true;     // RECORD_CHUNKS
  bool keep_text = true;     // tokens are counted from the text
  bool makes_tokens = true;  // an answer without one is an error
  // A stream may end without finish_reason, [DONE] or usage.
  bool accept_unannounced_end = false;
  // Of the whole JSON bodies of all connections of an engine; null = no limit.
  std::shared_ptr<ByteBudget> body_budget = nullptr;
  // Keys of a request that may limit its output tokens.
  absl::Span<const absl::string_view> output_limit_keys = {};
};
InterpreterOptions InterpreterOptionsOf(const v1::Plan& plan);

// A whole JSON body larger than this is an error.
constexpr size_t kMaxBodyBytes = 256 << 20;
// All of them together that wait for their end, in one engine.
constexpr uint64_t kMaxHeldBodiesBytes = 512 << 20;

// Marks the exchange failed unless it already is (the first failure stands). message: cut to
// kMaxErrorMessageBytes, bytes that are not UTF-8 become U+FFFD.
void FailExchange(v1::ErrorClass error, absl::string_view message, Exchange* exchange);

class BodyInterpreter {
 public:
  // reader: not owned; shared by all interpreters of a thread.
  BodyInterpreter(ResponseReader* reader, InterpreterOptions options)
      : reader_(reader), options_(std::move(options)), body_share_(options_.body_budget.get()) {}

  // A response to this exchange (not owned) comes next.
  void Start(Exchange* exchange);
  // The final head. stamp: of its first byte, or of the read that completed it when the former is
  // not known.
  void OnHead(const ResponseHead& head, ReadStamp stamp);
  // A part of the body, decoded. Call EndRead when the memory behind body goes away.
  void OnBody(absl::string_view body, ReadStamp stamp);
  void EndRead();
  // The response is complete. Sets outcome and end_ns. Body bytes given since the last EndRead must
  // still be there.
  void OnEnd(ReadStamp stamp);
  // The response ended before its time: cut short, reset, timed out. A status that is an error
  // itself stays the cause.
  void OnBroken(v1::ErrorClass error, absl::string_view message, ReadStamp stamp);
  // The response had ended, but its body did not, in the time it was given or at all.
  void OnLeftOpen(ReadStamp stamp);

  bool has_ended() const { return ended_ns_ >= 0; }
  int64_t ended_ns() const { return ended_ns_; }
  // The model's last sign of life, ns: the head or an event that is no comment; -1 before the head.
  int64_t last_life_ns() const { return last_life_ns_; }

 private:
  enum class BodyKind : uint8_t {
    kUndecided,  // no body byte yet
    kEvents,
    kJson,
    kErrorText,  // of a status outside 200..299
    kDropped,    // the exchange has failed
  };

  void Touch(ReadStamp stamp);
  absl::string_view DecideKind(absl::string_view body);
  void TakeBody(absl::string_view body);
  void OnEvents(absl::string_view body);
  bool TakeKnownEvent(absl::string_view body);
  // malformed: what an event that is no JSON object means.
  void OnEvent(v1::ErrorClass malformed);
  void NoteAnnouncedEnd(const EventContent& content);
  void NoteLife();
  void TakeEventContent(const EventContent& content);
  void OnJson(absl::string_view body);
  void OnErrorText(absl::string_view body);
  void RefuseBody(v1::ErrorClass error, absl::string_view message);
  void ReleaseBody();
  void Finish(ReadStamp stamp);
  void FinishEvents();
  void FinishJson();
  void FinishErrorText();
  void TakeContent(const EventContent& content);
  void CheckAnnouncedEnd();
  void CheckOutput();
  void TakeUsage(const TokenUsage& usage);
  void CountContentChunk(bool has_text);
  void Fail(v1::ErrorClass error, absl::string_view message);

  ResponseReader* reader_;
  InterpreterOptions options_;
  Exchange* exchange_ = nullptr;
  TextSink sink_;  // the exchange's texts
  BodyKind kind_ = BodyKind::kUndecided;
  std::string undecided_;         // the first bytes, while they do not tell the kind
  bool is_event_stream_ = false;  // says the content type
  bool has_answer_ = false;
  bool has_length_finish_ = false;
  bool end_announced_ = false;  // by finish_reason, [DONE] or usage behind the texts
  int64_t ended_ns_ = -1;       // stamp of [DONE] or of the stream's failure
  int64_t last_life_ns_ = -1;
  int64_t stamp_ns_ = -1;  // of the present read; never goes back
  SseParser events_;
  EventShape shape_;
  BudgetShare body_share_;
  HeldBytes body_;  // of a whole JSON answer, or the start of an error's text
};

}  // namespace drumfire
