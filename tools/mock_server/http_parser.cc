#include "tools/mock_server/http_parser.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace drumfire::mock {
namespace {

constexpr size_t kBodyBytesWorthKeeping = 4 << 10;

absl::Status Malformed(absl::string_view what, absl::string_view found) {
  return absl::InvalidArgumentError(
      absl::StrCat("malformed request: ", what, ", found '", found.substr(0, 80), "'"));
}

absl::Status TooLarge(absl::string_view what) {
  return absl::ResourceExhaustedError(absl::StrCat(what, " too large"));
}

// The line at the front of `text`, without its end; `text` shrinks.
absl::string_view PopLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  absl::string_view line = text->substr(0, end);
  text->remove_prefix(end == text->npos ? text->size() : end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

// Where the head ends (behind its blank line), looked for from `from`; npos when it is not there
// yet.
size_t HeadEnd(absl::string_view head, size_t from) {
  const size_t crlf = head.find("\r\n\r\n", from);
  const size_t lf = head.find("\n\n", from);
  if (crlf == head.npos && lf == head.npos) return head.npos;
  return crlf < lf ? crlf + 4 : lf + 2;
}

}  // namespace

absl::StatusOr<HttpParser::Progress> HttpParser::Feed(absl::string_view* data) {
  if (state_ == State::kHead) {
    const absl::Status status = FeedHead(data);
    if (!status.ok()) return status;
    if (state_ == State::kContinue) return Progress::kHeadDone;
  }
  if (state_ == State::kContinue) state_ = chunked_ ? State::kChunkSize : State::kSizedBody;
  const absl::Status status = FeedBody(data);
  if (!status.ok()) return status;
  return state_ == State::kDone ? Progress::kDone : Progress::kNeedMore;
}

void HttpParser::Reset() {
  state_ = State::kHead;
  head_.clear();
  chunked_ = false;
  body_left_ = 0;
  std::string body = std::move(request_.body);
  request_ = HttpRequest();
  if (body.capacity() > kBodyBytesWorthKeeping) return;
  body.clear();
  request_.body = std::move(body);
}

absl::Status HttpParser::FeedHead(absl::string_view* data) {
  if (head_.empty()) {  // blank lines before a request are to be ignored (RFC 9112, 2.2)
    const size_t start = std::min(data->find_first_not_of("\r\n"), data->size());
    data->remove_prefix(start);
  }
  const size_t old_size = head_.size();
  head_.append(data->data(), std::min(data->size(), kMaxHeadBytes - old_size));
  const size_t end = HeadEnd(head_, old_size < 3 ? 0 : old_size - 3);
  if (end == std::string::npos) {
    data->remove_prefix(head_.size() - old_size);
    return head_.size() < kMaxHeadBytes ? absl::OkStatus() : TooLarge("request head");
  }
  data->remove_prefix(end - old_size);
  head_.resize(end);
  return ParseHead();
}

absl::Status HttpParser::ParseHead() {
  absl::string_view rest = head_;
  absl::Status status = ParseRequestLine(PopLine(&rest));
  while (status.ok()) {
    const absl::string_view line = PopLine(&rest);
    if (line.empty()) break;
    status = ParseHeader(line);
  }
  head_.clear();
  return status.ok() ? EnterBody() : status;
}

absl::Status HttpParser::ParseRequestLine(absl::string_view line) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == line.npos || first == last) return Malformed("expected a request line", line);
  const absl::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Malformed("expected HTTP/1.x", line);
  request_.minor_version = version.back() - '0';
  request_.keep_alive = request_.minor_version == 1;
  request_.method = std::string(line.substr(0, first));
  const absl::string_view target = line.substr(first + 1, last - first - 1);
  request_.path = std::string(target.substr(0, target.find('?')));
  return absl::OkStatus();
}

absl::Status HttpParser::ParseHeader(absl::string_view line) {
  const size_t colon = line.find(':');
  if (colon == line.npos || colon == 0) return Malformed("expected 'name: value'", line);
  const absl::string_view name = line.substr(0, colon);
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (absl::EqualsIgnoreCase(name, "content-length")) return ParseContentLength(value);
  if (absl::EqualsIgnoreCase(name, "transfer-encoding")) {
    if (!absl::EqualsIgnoreCase(value, "chunked")) return Malformed("expected chunked", value);
    chunked_ = true;
  } else if (absl::EqualsIgnoreCase(name, "connection")) {
    for (const absl::string_view option : absl::StrSplit(value, ',')) {
      const absl::string_view name_only = absl::StripAsciiWhitespace(option);
      if (absl::EqualsIgnoreCase(name_only, "close")) request_.keep_alive = false;
      if (absl::EqualsIgnoreCase(name_only, "keep-alive")) request_.keep_alive = true;
    }
  } else if (absl::EqualsIgnoreCase(name, "expect")) {
    request_.expects_continue = absl::EqualsIgnoreCase(value, "100-continue");
  } else if (absl::EqualsIgnoreCase(name, "content-type")) {
    request_.content_type = std::string(value);
  } else if (absl::EqualsIgnoreCase(name, "x-request-id")) {
    request_.request_id = std::string(value);
  }
  return absl::OkStatus();
}

absl::Status HttpParser::ParseContentLength(absl::string_view value) {
  uint64_t length = 0;
  const bool digits = std::all_of(value.begin(), value.end(), absl::ascii_isdigit);
  if (value.empty() || !digits) return Malformed("expected a content length", value);
  if (!absl::SimpleAtoi(value, &length) || length > kMaxBodyBytes) return TooLarge("request body");
  body_left_ = length;
  return absl::OkStatus();
}

absl::Status HttpParser::EnterBody() {
  if (!chunked_) request_.body.reserve(body_left_);
  const bool has_body = chunked_ || body_left_ > 0;
  if (has_body && request_.expects_continue) {
    state_ = State::kContinue;
  } else {
    state_ = chunked_ ? State::kChunkSize : State::kSizedBody;
  }
  return absl::OkStatus();
}

absl::Status HttpParser::FeedBody(absl::string_view* data) {
  absl::Status status;
  while (status.ok() && state_ != State::kDone) {
    const size_t old_size = data->size();
    const State old_state = state_;
    if (state_ == State::kSizedBody) TakeBodyBytes(data, State::kDone);
    if (state_ == State::kChunkData) TakeBodyBytes(data, State::kChunkEnd);
    if (old_state == State::kChunkSize) status = FeedChunkSize(data);
    if (old_state == State::kChunkEnd) status = FeedChunkEnd(data);
    if (old_state == State::kTrailers) status = FeedTrailers(data);
    if (data->size() == old_size && state_ == old_state) break;
  }
  return status;
}

void HttpParser::TakeBodyBytes(absl::string_view* data, State then) {
  const size_t taken = std::min(data->size(), body_left_);
  request_.body.append(data->data(), taken);
  data->remove_prefix(taken);
  body_left_ -= taken;
  if (body_left_ == 0) state_ = then;
}

absl::StatusOr<bool> HttpParser::TakeLine(absl::string_view* data) {
  const size_t end = data->find('\n');
  const size_t taken = end == data->npos ? data->size() : end + 1;
  if (head_.size() + taken > kMaxHeadBytes) return TooLarge("line of the chunked body");
  head_.append(data->data(), taken);
  data->remove_prefix(taken);
  if (end == absl::string_view::npos) return false;
  head_.pop_back();
  if (!head_.empty() && head_.back() == '\r') head_.pop_back();
  return true;
}

absl::Status HttpParser::FeedChunkSize(absl::string_view* data) {
  const absl::StatusOr<bool> complete = TakeLine(data);
  if (!complete.ok() || !*complete) return complete.status();
  const absl::string_view line = head_;
  const absl::string_view digits = absl::StripAsciiWhitespace(line.substr(0, line.find(';')));
  uint64_t size = 0;
  const bool hex = std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit);
  if (!hex || !absl::SimpleHexAtoi(digits, &size)) return Malformed("expected a chunk size", line);
  head_.clear();
  if (size > kMaxBodyBytes - request_.body.size()) return TooLarge("request body");
  body_left_ = size;
  state_ = size == 0 ? State::kTrailers : State::kChunkData;
  return absl::OkStatus();
}

absl::Status HttpParser::FeedChunkEnd(absl::string_view* data) {
  const absl::StatusOr<bool> complete = TakeLine(data);
  if (!complete.ok() || !*complete) return complete.status();
  if (!head_.empty()) return Malformed("expected the end of a chunk", head_);
  state_ = State::kChunkSize;
  return absl::OkStatus();
}

absl::Status HttpParser::FeedTrailers(absl::string_view* data) {
  const absl::StatusOr<bool> complete = TakeLine(data);
  if (!complete.ok() || !*complete) return complete.status();
  if (head_.empty()) state_ = State::kDone;
  head_.clear();
  return absl::OkStatus();
}

}  // namespace drumfire::mock
