// A streamed answer: head, events at their times and end, or one of the faults of a stream.
#pragma once

#include <cstdint>
#include <string>

#include "tools/mock_server/event_writer.h"
#include "tools/mock_server/fault.h"
#include "tools/mock_server/fd_timer_heap.h"
#include "tools/mock_server/random_duration.h"
#include "tools/mock_server/reply.h"
#include "tools/mock_server/reply_head.h"

namespace drumfire::mock {

struct StreamPlan {
  AnswerIdentity identity;
  ReplyHead head;
  bool usage_asked = false;
  Usage usage;  // completion_tokens is what the stream will hold; 0 only with kEmpty
  int64_t ttft_ns = 0;
  RandomDuration gap = RandomDuration::Constant(0);  // between tokens
  int tokens_per_event = 1;
  int events_per_write = 1;
  int64_t comment_interval_ns = 0;  // of silence; 0: none
  RequestFault fault;               // neither kError nor kHang
  uint64_t seed = 0;
  uint64_t index = 0;
};

class StreamReply : public Reply {
 public:
  explicit StreamReply(const StreamPlan& plan);

  void Open(std::string* out) override;
  void Begin(int64_t now_ns) override;
  int64_t next_due_ns() const override;
  ReplyStep Step(std::string* out) override;

 private:
  void SendHead(std::string* out);
  void SendComment(std::string* out);
  void SendEvent(std::string* out, ReplyStep* step);
  // The text of the next `count` tokens, plus text held back before; empty for an event without
  // text.
  std::string TakeText(int64_t count);
  bool HoldsBack(bool last);
  bool Chance(int percent);
  ReplyStep Strike(std::string* out);
  // Finish, usage and [DONE], and the end of the body unless it stays open.
  ReplyEnd SendEnd(std::string* out);
  // An answer that ends before its first token.
  ReplyStep SendNothing(std::string* out);
  int64_t NextEventTokens() const;

  const PersonaTraits& traits_;
  EventWriter writer_;
  std::string head_;  // emptied once it was sent
  Usage usage_;
  int64_t ttft_ns_;
  RandomDuration gap_;
  int tokens_per_event_;
  int events_per_write_;
  int64_t comment_interval_ns_;
  FaultKind fault_;
  int64_t strikes_after_;  // this many tokens; beyond all when there is no fault
  Random gap_random_;
  Random text_random_;

  int64_t token_due_ns_ = kNeverNs;
  int64_t comment_due_ns_ = kNeverNs;
  int64_t sent_tokens_ = 0;
  bool sent_event_ = false;
  std::string held_back_;
};

}  // namespace drumfire::mock
