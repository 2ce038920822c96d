// Fills an Exchange from the raw bytes of an HTTP/1.x connection: ResponseParser in front of
// BodyInterpreter. One per connection, reused; one thread.
//
//   interpreter.Start(exchange);
//   per read:  if (interpreter.OnRead(bytes, stamp) == Progress::kDone) -> hand the exchange back;
//              the connection goes on only if interpreter.reusable()
//   on EOF:    if (!interpreter.started()) -> the engine's own decision (retry, or
//   FailExchange(ERROR_RESET));
//              else interpreter.OnEof(stamp), always kDone
#pragma once

#include <utility>

#include "absl/strings/string_view.h"
#include "worker/endpoint/body_interpreter.h"
#include "worker/endpoint/delayed_ack.h"
#include "worker/http/response_parser.h"

namespace drumfire {

class ResponseInterpreter {
 public:
  enum class Progress { kMore, kDone };

  ResponseInterpreter(ResponseReader* reader, InterpreterOptions options)
      : body_(reader, std::move(options)) {}

  // A response to this exchange (not owned) comes next on the connection.
  void Start(Exchange* exchange);
  // The bytes of one read, all of them. Counts bytes_received and kernel_stamps.
  Progress OnRead(absl::string_view bytes, ReadStamp stamp);
  // The server closed the connection.
  Progress OnEof(ReadStamp stamp);

  // The engine ends the response (time-out, reset, ...); the connection is not reusable. A response
  // that had ended is complete nevertheless: only its body's end is missing.
  void OnBroken(v1::ErrorClass error, absl::string_view message, ReadStamp stamp);

  // The request is cancelled: it counts so, unless its response had ended or failed before.
  void OnCancelled(ReadStamp stamp);

  // A byte of the response has come (an interim head counts): no retry after this.
  bool started() const { return parser_.started(); }
  // After kDone: the connection may carry the next request.
  bool reusable() const { return reusable_; }
  // As BodyInterpreter's.
  int64_t last_life_ns() const { return body_.last_life_ns(); }
  bool has_ended() const { return body_.has_ended(); }
  int64_t ended_ns() const { return body_.ended_ns(); }

 private:
  Progress TakeBytes(absl::string_view bytes, ReadStamp stamp);
  Progress Finish(ResponseParser::Step step, absl::string_view left, ReadStamp stamp);

  Exchange* exchange_ = nullptr;
  bool reusable_ = false;
  ReadStamp head_stamp_;  // of the first byte of the head that is coming in
  ResponseParser parser_;
  BodyInterpreter body_;
  DelayedAckWatch delayed_ack_;
};

}  // namespace drumfire
