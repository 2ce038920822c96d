// A prepared reply that is sent all at once, or never.
#pragma once

#include <string>
#include <utility>

#include "tools/mock_server/fd_timer_heap.h"
#include "tools/mock_server/reply.h"

namespace drumfire::mock {

class TimedReply : public Reply {
 public:
  // `delay_ns` kNeverNs: nothing is ever sent. `tokens`: number of tokens in the bytes.
  TimedReply(int64_t delay_ns, std::string bytes, ReplyEnd end, int tokens)
      : delay_ns_(delay_ns), bytes_(std::move(bytes)), end_(end), tokens_(tokens) {}

  void Open(std::string*) override {}
  void Begin(int64_t now_ns) override {
    if (delay_ns_ != kNeverNs) due_ns_ = now_ns + delay_ns_;
  }
  int64_t next_due_ns() const override { return due_ns_; }
  ReplyStep Step(std::string* out) override {
    out->append(bytes_);
    due_ns_ = kNeverNs;
    return {.end = end_, .text_events = tokens_ > 0 ? 1 : 0, .tokens = tokens_};
  }

 private:
  int64_t delay_ns_;
  std::string bytes_;
  ReplyEnd end_;
  int tokens_;
  int64_t due_ns_ = kNeverNs;
};

}  // namespace drumfire::mock
