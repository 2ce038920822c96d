// Server-sent events, parsed bit by bit as reads bring them (WHATWG HTML, "Server-sent events"). An
// event that lies within one read, with one data line, is not copied. Line ends CRLF, LF and CR, in
// any mix. No I/O, no clock. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "worker/http/held_bytes.h"

namespace drumfire {

// An event larger than this is an error.
constexpr size_t kMaxEventBytes = 64 << 20;

class SseParser {
 public:
  enum class Step {
    kNeedMore,  // all bytes are used up
    kEvent,     // see data() and event_name()
    kComment,   // a line that starts with ':'; no life of the model
    kError,     // the event is larger than kMaxEventBytes
  };

  // Forgets the last stream.
  void Reset();
  // Goes on at the front of *bytes and takes off what it used. Call it until kNeedMore before the
  // bytes go away.
  Step Next(absl::string_view* bytes);
  // The body ended: kEvent once when an event was left without its empty line (servers do that; a
  // browser would drop it), then kNeedMore.
  Step AtEnd();

  // Nothing is pending: the next byte begins an event.
  bool at_event_start() const {
    return !has_data_ && !skip_newline_ && (line_.empty() || line_is_whole_) &&
           (name_.empty() || dispatched_);
  }
  // Data lines of the event joined by LF; valid until the next call, and no longer than the bytes
  // given to Next.
  absl::string_view data() const { return data_.view(); }
  // Value of its "event:" line; empty = none. Valid as long as data().
  absl::string_view event_name() const { return name_; }

 private:
  void ForgetDispatched();
  bool TakeWholeEvent(absl::string_view* bytes);
  void SkipByteOrderMark(absl::string_view* bytes);
  bool TakeLine(absl::string_view* bytes, absl::string_view* line);
  // kNeedMore = the line alone gives nothing out.
  Step HandleLine(absl::string_view line);
  void HandleField(absl::string_view name, absl::string_view value);
  Step Dispatch();
  bool IsTooLarge(size_t more_bytes) const { return data_.size() + more_bytes > kMaxEventBytes; }

  uint8_t mark_bytes_ = 0;      // of the byte order mark seen so far; all of them = past it
  bool skip_newline_ = false;   // the last line ended in CR: an LF right behind it belongs to it
  bool line_is_whole_ = false;  // line_ has been handled
  bool has_data_ = false;       // the event has a data line
  bool dispatched_ = false;     // data_ and name_ belong to an event already given out
  std::string line_;            // a line whose end did not come with its start
  HeldBytes data_;
  std::string name_;
};

}  // namespace drumfire
