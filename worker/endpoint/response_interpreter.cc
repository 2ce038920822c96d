#include "worker/endpoint/response_interpreter.h"

namespace drumfire {

using Step = ResponseParser::Step;

void ResponseInterpreter::Start(Exchange* exchange) {
  exchange_ = exchange;
  reusable_ = false;
  parser_.Reset();
  body_.Start(exchange);
  delayed_ack_.Start();
}

ResponseInterpreter::Progress ResponseInterpreter::OnRead(absl::string_view bytes,
                                                          ReadStamp stamp) {
  exchange_->bytes_received += bytes.size();
  if (stamp.source == v1::STAMP_KERNEL) {
    ++exchange_->kernel_stamps;
    exchange_->stamps = v1::STAMP_KERNEL;
  }
  const uint32_t chunks_before = exchange_->content_chunks;
  const Progress progress = TakeBytes(bytes, stamp);
  delayed_ack_.OnRead(stamp.ns, chunks_before, exchange_->content_chunks);
  if (progress == Progress::kDone) {
    exchange_->delayed_ack_ns = delayed_ack_.WaitedNs();
    exchange_->delayed_ack_chunks = exchange_->delayed_ack_ns > 0 ? delayed_ack_.chunks() : 0;
  }
  return progress;
}

ResponseInterpreter::Progress ResponseInterpreter::TakeBytes(absl::string_view bytes,
                                                             ReadStamp stamp) {
  if (parser_.awaits_head()) head_stamp_ = stamp;
  Step step;
  while ((step = parser_.Next(&bytes)) == Step::kHead || step == Step::kBody) {
    if (step == Step::kHead) {
      body_.OnHead(parser_.head(), head_stamp_);
    } else {
      body_.OnBody(parser_.body(), stamp);
    }
  }
  if (step != Step::kNeedMore) return Finish(step, bytes, stamp);
  body_.EndRead();
  return Progress::kMore;
}

ResponseInterpreter::Progress ResponseInterpreter::OnEof(ReadStamp stamp) {
  Finish(parser_.AtEof(), "", stamp);
  reusable_ = false;
  return Progress::kDone;
}

void ResponseInterpreter::OnBroken(v1::ErrorClass error, absl::string_view message,
                                   ReadStamp stamp) {
  reusable_ = false;
  if (body_.has_ended()) return body_.OnLeftOpen(stamp);
  body_.OnBroken(error, message, stamp);
}

void ResponseInterpreter::OnCancelled(ReadStamp stamp) {
  reusable_ = false;
  if (body_.has_ended()) return body_.OnEnd(stamp);
  if (exchange_->outcome != v1::OUTCOME_FAILED) exchange_->outcome = v1::OUTCOME_CANCELLED;
  exchange_->end_ns = stamp.ns;
}

ResponseInterpreter::Progress ResponseInterpreter::Finish(Step step, absl::string_view left,
                                                          ReadStamp stamp) {
  if (step == Step::kEnd) {
    body_.OnEnd(stamp);
    reusable_ = parser_.head().keep_alive && left.empty();
  } else {
    OnBroken(parser_.truncated() ? v1::ERROR_TRUNCATED : v1::ERROR_BAD_BODY, parser_.error(),
             stamp);
  }
  return Progress::kDone;
}

}  // namespace drumfire
