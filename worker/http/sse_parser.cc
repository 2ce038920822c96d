#include "worker/http/sse_parser.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"

namespace drumfire {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Index of the first CR or LF; npos = none. By windows, so that a text without the one is not
// searched to its end for each line that ends in the other.
size_t FindLineEnd(absl::string_view bytes) {
  constexpr size_t kWindowBytes = 512;
  for (size_t start = 0; start < bytes.size(); start += kWindowBytes) {
    const char* window = bytes.data() + start;
    size_t size = std::min(kWindowBytes, bytes.size() - start);
    const void* newline = std::memchr(window, '\n', size);
    if (newline != nullptr) size = static_cast<const char*>(newline) - window;
    const void* carriage_return = std::memchr(window, '\r', size);
    const void* found = carriage_return != nullptr ? carriage_return : newline;
    if (found != nullptr) return static_cast<const char*>(found) - bytes.data();
  }
  return absl::string_view::npos;
}

}  // namespace

void SseParser::Reset() {
  mark_bytes_ = 0;
  skip_newline_ = line_is_whole_ = has_data_ = dispatched_ = false;
  ClearBuffer(&line_);
  data_.Clear();
  name_.clear();
}

SseParser::Step SseParser::Next(absl::string_view* bytes) {
  ForgetDispatched();
  if (bytes->empty() && !has_data_) return Step::kNeedMore;
  SkipByteOrderMark(bytes);
  if (TakeWholeEvent(bytes)) return Step::kEvent;
  absl::string_view line;
  while (TakeLine(bytes, &line)) {
    const Step step = HandleLine(line);
    if (step != Step::kNeedMore) return step;
  }
  data_.Hold();
  return IsTooLarge(line_.size()) ? Step::kError : Step::kNeedMore;
}

SseParser::Step SseParser::AtEnd() {
  ForgetDispatched();
  skip_newline_ = false;
  absl::string_view line_end = "\n";
  absl::string_view line;
  if (TakeLine(&line_end, &line) && HandleLine(line) == Step::kEvent) return Step::kEvent;
  return Dispatch();
}

// The result of the last call was valid until this one.
void SseParser::ForgetDispatched() {
  if (!dispatched_) return;
  dispatched_ = false;
  data_.Clear();
  name_.clear();
}

// The usual event at once: one data line and its empty line, all of it in these bytes. False, and
// nothing taken, when it is another.
bool SseParser::TakeWholeEvent(absl::string_view* bytes) {
  constexpr absl::string_view kStart = "data: ";
  if (has_data_ || skip_newline_ || !line_.empty() || !absl::StartsWith(*bytes, kStart))
    return false;
  const size_t end = FindLineEnd(*bytes);
  if (end > kMaxEventBytes || bytes->substr(end, 2) != "\n\n") return false;
  data_.Append(bytes->substr(kStart.size(), end - kStart.size()));
  bytes->remove_prefix(end + 2);
  dispatched_ = true;
  return true;
}

// The mark may come byte by byte; bytes that only begin like one are the start of a line.
void SseParser::SkipByteOrderMark(absl::string_view* bytes) {
  while (mark_bytes_ < kByteOrderMark.size() && !bytes->empty()) {
    if (bytes->front() != kByteOrderMark[mark_bytes_]) {
      line_.assign(kByteOrderMark.data(), mark_bytes_);
      mark_bytes_ = kByteOrderMark.size();
      return;
    }
    ++mark_bytes_;
    bytes->remove_prefix(1);
  }
}

// True when *line is a whole line, without its end; it stays valid until the next call. A start
// without an end is kept.
bool SseParser::TakeLine(absl::string_view* bytes, absl::string_view* line) {
  if (line_is_whole_) {
    data_.Hold();  // may be a view of line_
    ClearBuffer(&line_);
    line_is_whole_ = false;
  }
  if (skip_newline_ && !bytes->empty()) {
    if (bytes->front() == '\n') bytes->remove_prefix(1);
    skip_newline_ = false;
  }
  const size_t end = FindLineEnd(*bytes);
  if (end == absl::string_view::npos) {
    line_.append(bytes->data(), bytes->size());
    bytes->remove_prefix(bytes->size());
    return false;
  }
  *line = bytes->substr(0, end);
  skip_newline_ = (*bytes)[end] == '\r';
  bytes->remove_prefix(end + 1);
  if (line_.empty()) return true;
  line_.append(line->data(), line->size());
  *line = line_;
  line_is_whole_ = true;
  return true;
}

SseParser::Step SseParser::HandleLine(absl::string_view line) {
  if (line.empty()) return Dispatch();
  if (line.front() == ':') return Step::kComment;
  if (IsTooLarge(line.size())) return Step::kError;
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) {
    HandleField(line, "");
    return Step::kNeedMore;
  }
  absl::string_view value = line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  HandleField(line.substr(0, colon), value);
  return Step::kNeedMore;
}

void SseParser::HandleField(absl::string_view name, absl::string_view value) {
  if (name == "data") {
    if (has_data_) data_.Append("\n");
    data_.Append(value);
    has_data_ = true;
  } else if (name == "event") {
    name_.assign(value.data(), value.size());
  }
}

// An empty line: an event when there was data, else nothing, as the standard says.
SseParser::Step SseParser::Dispatch() {
  if (!has_data_) {
    name_.clear();
    return Step::kNeedMore;
  }
  has_data_ = false;
  dispatched_ = true;
  return Step::kEvent;
}

}  // namespace drumfire
