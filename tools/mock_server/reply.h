// An answer in progress: which bytes are sent when. Knows neither sockets nor clocks; the
// connection asks it for the next due time and writes its bytes.
//
//     reply->Open(&out);                    // once, when the request was read
//     reply->Begin(now_ns);                 // when it has a slot
//     // at reply->next_due_ns(), until step.end is not kNotYet:
//     ReplyStep step = reply->Step(&out);
//
#pragma once

#include <cstdint>
#include <string>

namespace drumfire::mock {

enum class ReplyEnd {
  kNotYet,
  kDone,   // the answer is complete
  kClose,  // close the connection, even if the answer is incomplete
  kReset,  // the same, with a TCP reset
};

struct ReplyStep {
  ReplyEnd end = ReplyEnd::kNotYet;
  int text_events = 0;  // events in these bytes that carry text
  int tokens = 0;       // number of tokens in these bytes
};

class Reply {
 public:
  virtual ~Reply() = default;
  // Appends bytes to send as soon as the request was read, even if it must wait for a slot. Call
  // once, first.
  virtual void Open(std::string* out) = 0;
  // The request has its slot: times count from here.
  virtual void Begin(int64_t now_ns) = 0;
  // When to call Step next; kNeverNs (fd_timer_heap.h) = never. Valid after Begin.
  virtual int64_t next_due_ns() const = 0;
  // Appends the bytes that are due, possibly none.
  virtual ReplyStep Step(std::string* out) = 0;
};

}  // namespace drumfire::mock
