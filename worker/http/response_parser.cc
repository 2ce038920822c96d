#include "worker/http/response_parser.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "worker/http/held_bytes.h"

namespace drumfire {
namespace {

constexpr size_t kShownLineBytes = 40;

// Where the empty line that ends a head begins and what follows it begins.
struct HeadEnd {
  size_t text_bytes = absl::string_view::npos;
  size_t after = absl::string_view::npos;
};

// The first LF LF or LF CR LF at or after `from`.
HeadEnd FindHeadEnd(absl::string_view bytes, size_t from) {
  for (size_t lf = bytes.find('\n', from); lf != absl::string_view::npos;
       lf = bytes.find('\n', lf + 1)) {
    const absl::string_view rest = bytes.substr(lf + 1);
    if (absl::StartsWith(rest, "\n")) return {lf + 1, lf + 2};
    if (absl::StartsWith(rest, "\r\n")) return {lf + 1, lf + 3};
  }
  return {};
}

bool MayBeHttp1(absl::string_view bytes) {
  constexpr absl::string_view kStart = "HTTP/1.";
  return absl::StartsWith(bytes, kStart.substr(0, bytes.size()));
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// "1a;extension=x": hexadecimal digits, then white space or an extension. False when it is not that
// or over 2^60.
bool ParseChunkSize(absl::string_view line, uint64_t* size) {
  constexpr size_t kMaxDigits = 15;
  *size = 0;
  size_t digits = 0;
  line = absl::StripLeadingAsciiWhitespace(line);
  for (; digits < line.size() && HexValue(line[digits]) >= 0; ++digits) {
    *size = *size * 16 + HexValue(line[digits]);
    if (*size >> (4 * kMaxDigits) != 0) return false;
  }
  const absl::string_view rest = absl::StripLeadingAsciiWhitespace(line.substr(digits));
  return digits > 0 && (rest.empty() || rest.front() == ';');
}

}  // namespace

void ResponseParser::Reset() {
  state_ = State::kHead;
  started_ = truncated_ = held_is_used_ = false;
  head_bytes_ = 0;
  remaining_bytes_ = 0;
  ClearBuffer(&held_);
  error_.clear();
}

ResponseParser::Step ResponseParser::Next(absl::string_view* bytes) {
  body_ = {};
  if (state_ == State::kDone) return Step::kEnd;
  if (state_ == State::kFailed) return Step::kError;
  if (state_ == State::kFixedBody && remaining_bytes_ == 0) return Finish();
  if (!bytes->empty()) started_ = true;
  while (!bytes->empty()) {
    const Step step = state_ == State::kHead ? NextHead(bytes) : NextBody(bytes);
    if (step != Step::kNeedMore) return step;
  }
  return Step::kNeedMore;
}

ResponseParser::Step ResponseParser::AtEof() {
  body_ = {};
  if (state_ == State::kFailed) return Step::kError;
  const bool is_complete = state_ == State::kDone || state_ == State::kUntilClose ||
                           (state_ == State::kFixedBody && remaining_bytes_ == 0);
  if (is_complete) return Finish();
  truncated_ = true;
  if (!started_) return Fail("connection closed before any byte of the response");
  if (state_ == State::kHead) return Fail("connection closed inside the response head");
  return Fail("connection closed before the end of the response body");
}

ResponseParser::Step ResponseParser::NextHead(absl::string_view* bytes) {
  absl::string_view text;
  const bool is_whole = TakeHead(bytes, &text);
  if (!MayBeHttp1(text)) {
    return Fail(absl::StrCat("not an HTTP/1 response: \"",
                             absl::CEscape(text.substr(0, kShownLineBytes)), "\""));
  }
  if (head_bytes_ + text.size() > kMaxHeadBytes) {
    return Fail(absl::StrCat("response head over ", kMaxHeadBytes, " bytes"));
  }
  if (!is_whole) return Step::kNeedMore;
  head_bytes_ += text.size();
  const absl::Status status = ParseResponseHead(text, &head_);
  ClearBuffer(&held_);
  if (!status.ok()) return Fail(status.message());
  if (head_.is_interim()) return Step::kNeedMore;
  BeginBody();
  return Step::kHead;
}

// True if *text is a complete head without its empty line; otherwise its received part is kept in
// held_.
bool ResponseParser::TakeHead(absl::string_view* bytes, absl::string_view* text) {
  const size_t held_bytes = held_.size();
  if (held_bytes > 0) held_.append(bytes->data(), bytes->size());
  *text = held_bytes > 0 ? absl::string_view(held_) : *bytes;
  const HeadEnd end = FindHeadEnd(*text, held_bytes < 2 ? 0 : held_bytes - 2);
  if (end.after == absl::string_view::npos) {
    if (held_bytes == 0) held_.assign(bytes->data(), bytes->size());
    *text = held_;
    bytes->remove_prefix(bytes->size());
    return false;
  }
  *text = text->substr(0, end.text_bytes);
  bytes->remove_prefix(end.after - held_bytes);
  return true;
}

void ResponseParser::BeginBody() {
  remaining_bytes_ = head_.content_length;
  switch (head_.framing) {
    case BodyFraming::kNone:
    case BodyFraming::kContentLength:
      state_ = State::kFixedBody;
      break;
    case BodyFraming::kChunked:
      state_ = State::kChunkLine;
      break;
    case BodyFraming::kUntilClose:
      state_ = State::kUntilClose;
      break;
  }
}

ResponseParser::Step ResponseParser::NextBody(absl::string_view* bytes) {
  switch (state_) {
    case State::kUntilClose:
      return TakeBody(bytes->size(), bytes);
    case State::kFixedBody:
    case State::kChunkData:
      return TakeBody(remaining_bytes_, bytes);
    case State::kChunkLine:
      return TakeWholeChunk(bytes) ? Step::kBody : NextLine(bytes);
    default:
      return NextLine(bytes);
  }
}

// The usual chunk at once: all of it in this read, a bare size, both line ends CRLF. False, and
// nothing taken, when it is another, or the last.
bool ResponseParser::TakeWholeChunk(absl::string_view* bytes) {
  constexpr absl::string_view kLineEnd = "\r\n";
  constexpr size_t kMaxDigits = 6;
  if (!held_.empty() && !held_is_used_) return false;
  size_t size = 0;
  size_t digits = 0;
  for (; digits < kMaxDigits && digits < bytes->size() && HexValue((*bytes)[digits]) >= 0; ++digits)
    size = size * 16 + HexValue((*bytes)[digits]);
  const size_t start = digits + kLineEnd.size();
  const size_t end = start + size;
  if (size == 0 || bytes->size() < end + kLineEnd.size()) return false;
  if (bytes->substr(digits, kLineEnd.size()) != kLineEnd) return false;
  if (bytes->substr(end, kLineEnd.size()) != kLineEnd) return false;
  body_ = bytes->substr(start, size);
  bytes->remove_prefix(end + kLineEnd.size());
  return true;
}

ResponseParser::Step ResponseParser::TakeBody(uint64_t max_bytes, absl::string_view* bytes) {
  body_ = bytes->substr(0, max_bytes);
  bytes->remove_prefix(body_.size());
  if (state_ == State::kUntilClose) return Step::kBody;
  remaining_bytes_ -= body_.size();
  if (state_ == State::kChunkData && remaining_bytes_ == 0) state_ = State::kChunkDataEnd;
  return Step::kBody;
}

ResponseParser::Step ResponseParser::NextLine(absl::string_view* bytes) {
  absl::string_view line;
  const bool is_whole = TakeLine(bytes, &line);
  if (line.size() > kMaxChunkLineBytes) return Fail("chunk line or trailer too long");
  return is_whole ? HandleLine(line) : Step::kNeedMore;
}

// True when *line is a whole line without its end, valid until the next call; else *line is what
// has come of it.
bool ResponseParser::TakeLine(absl::string_view* bytes, absl::string_view* line) {
  if (held_is_used_) {
    ClearBuffer(&held_);
    held_is_used_ = false;
  }
  const size_t end = bytes->find('\n');
  const bool is_whole = end != absl::string_view::npos;
  *line = bytes->substr(0, end);
  bytes->remove_prefix(is_whole ? end + 1 : bytes->size());
  if (!is_whole || !held_.empty()) {
    held_.append(line->data(), line->size());
    *line = held_;
    held_is_used_ = is_whole;
  }
  if (is_whole && absl::EndsWith(*line, "\r")) line->remove_suffix(1);
  return is_whole;
}

ResponseParser::Step ResponseParser::HandleLine(absl::string_view line) {
  if (state_ == State::kChunkLine) return HandleChunkSize(line);
  if (state_ == State::kChunkDataEnd) {
    if (!line.empty()) return Fail("chunk is longer than its size says");
    state_ = State::kChunkLine;
    return Step::kNeedMore;
  }
  if (line.empty()) return Finish();
  head_bytes_ += line.size();
  return head_bytes_ > kMaxHeadBytes ? Fail("trailers too long") : Step::kNeedMore;
}

ResponseParser::Step ResponseParser::HandleChunkSize(absl::string_view line) {
  if (!ParseChunkSize(line, &remaining_bytes_)) {
    return Fail(
        absl::StrCat("bad chunk size: \"", absl::CEscape(line.substr(0, kShownLineBytes)), "\""));
  }
  state_ = remaining_bytes_ == 0 ? State::kTrailers : State::kChunkData;
  return Step::kNeedMore;
}

ResponseParser::Step ResponseParser::Finish() {
  state_ = State::kDone;
  return Step::kEnd;
}

ResponseParser::Step ResponseParser::Fail(absl::string_view message) {
  state_ = State::kFailed;
  error_.assign(message.data(), message.size());
  return Step::kError;
}

}  // namespace drumfire
