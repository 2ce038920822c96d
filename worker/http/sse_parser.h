// Parses server-sent events incrementally, as reads deliver them (WHATWG HTML, "Server-sent
// events"). An event that lies within one read, with one data line, is not copied. Accepts CRLF, LF
// and CR line ends, in any mix. No I/O, no clock. One thread.
//
//     parser.Reset();
//     while ((step = parser.Next(&bytes)) != Step::kNeedMore) ...  // for each read
//     parser.AtEnd();                                                        // at the end of the
//     body
//
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
    kComment,   // a line that starts with ':'; not a sign of activity
    kError,     // the event is larger than kMaxEventBytes
  };

  // Prepares for the next stream.
  void Reset();
  // Continues at the front of *bytes and removes the bytes it used. Call it until kNeedMore before
  // releasing the bytes.
  Step Next(absl::string_view* bytes);
  // The body ended: kEvent once if an event lacks its empty line (some servers do that; a browser
  // would drop it), then kNeedMore.
  Step AtEnd();

  // Whether nothing is pending, so that the next byte begins an event.
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
  // kNeedMore = the line alone yields nothing.
  Step HandleLine(absl::string_view line);
  void HandleField(absl::string_view name, absl::string_view value);
  Step Dispatch();
  bool IsTooLarge(size_t more_bytes) const { return data_.size() + more_bytes > kMaxEventBytes; }

  uint8_t mark_bytes_ = 0;      // of the byte order mark seen so far; all of them = past it
  bool skip_newline_ = false;   // the last line ended in CR: an LF right behind it belongs to it
  bool line_is_whole_ = false;  // line_ has been handled
  bool has_data_ = false;       // the event has a data line
  bool dispatched_ = false;     // data_ and name_ belong to an event already returned
  std::string line_;            // a line that is not complete yet
  HeldBytes data_;
  std::string name_;
};

}  // namespace drumfire
