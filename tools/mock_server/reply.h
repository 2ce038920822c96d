// One answer in progress: which bytes leave when. Knows neither sockets nor clocks; the connection
// asks it when to be woken and writes what it gives.
#pragma once

#include <cstdint>
#include <string>

namespace drumfire::mock {

enum class ReplyEnd {
  kNotYet,
  kDone,   // the answer is whole
  kClose,  // close the connection, whatever was promised
  kReset,  // the same, with a TCP reset
};

struct ReplyStep {
  ReplyEnd end = ReplyEnd::kNotYet;
  int text_events = 0;  // events in these bytes that carry text
  int tokens = 0;       // tokens that these bytes stand for
};

class Reply {
 public:
  virtual ~Reply() = default;
  // Bytes that leave as soon as the request was read, even when it must wait for a slot. Once,
  // first.
  virtual void Open(std::string* out) = 0;
  // The request has its slot: times count from here.
  virtual void Begin(int64_t now_ns) = 0;
  // When Step is wanted next; kNeverNs (fd_timer_heap.h): not again. Valid after Begin.
  virtual int64_t next_due_ns() const = 0;
  // Appends what is due. May append nothing.
  virtual ReplyStep Step(std::string* out) = 0;
};

}  // namespace drumfire::mock
