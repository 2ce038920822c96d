#include "worker/http/response_head.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace drumfire {
namespace {

constexpr size_t kShownBytes = 80;

absl::Status BadHead(absl::string_view what, absl::string_view found) {
  return absl::InvalidArgumentError(absl::StrCat(
      "bad HTTP response: ", what, ": \"", absl::CEscape(found.substr(0, kShownBytes)), "\""));
}

// Fields that depend on each other or on several lines; combined once all lines are read.
struct Framing {
  bool is_http_1_0 = false;
  bool has_close = false;
  bool has_keep_alive = false;
  bool has_length = false;
  bool is_chunked = false;
  uint64_t length = 0;
};

// Keeps the text's memory from one response of a connection to the next.
void Assign(absl::string_view value, std::string* out) { out->assign(value.data(), value.size()); }

// "HTTP/1.1 200 OK": three digits, the reason may be missing together with its space.
absl::Status ParseStatusLine(absl::string_view line, Framing* framing, ResponseHead* head) {
  const bool is_http_1 = line.size() >= 12 && absl::StartsWith(line, "HTTP/1.") &&
                         absl::ascii_isdigit(line[7]) && line[8] == ' ';
  if (!is_http_1) return BadHead("no HTTP/1 status line", line);
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(line.substr(9));
  const absl::string_view digits = rest.substr(0, 3);
  const bool is_status = digits.size() == 3 && absl::c_all_of(digits, absl::ascii_isdigit) &&
                         absl::SimpleAtoi(digits, &head->status) && head->status >= 100 &&
                         (rest.size() == 3 || rest[3] == ' ');
  if (!is_status) return BadHead("status is not three digits", line);
  framing->is_http_1_0 = line[7] == '0';
  Assign(absl::StripAsciiWhitespace(rest.substr(3)), &head->reason);
  return absl::OkStatus();
}

absl::Status ReadContentLength(absl::string_view value, Framing* framing) {
  if (framing->has_length) return BadHead("more than one Content-Length", value);
  const bool is_number = !value.empty() && absl::c_all_of(value, absl::ascii_isdigit) &&
                         absl::SimpleAtoi(value, &framing->length);
  if (!is_number) return BadHead("Content-Length is not a number", value);
  framing->has_length = true;
  return absl::OkStatus();
}

absl::Status ReadTransferEncoding(absl::string_view value, Framing* framing) {
  for (absl::string_view coding : absl::StrSplit(value, ',')) {
    coding = absl::StripAsciiWhitespace(coding);
    if (coding.empty() || absl::EqualsIgnoreCase(coding, "identity")) continue;
    if (!absl::EqualsIgnoreCase(coding, "chunked") || framing->is_chunked) {
      return BadHead("Transfer-Encoding is not just chunked", value);
    }
    framing->is_chunked = true;
  }
  return absl::OkStatus();
}

void ReadConnection(absl::string_view value, Framing* framing) {
  for (absl::string_view option : absl::StrSplit(value, ',')) {
    option = absl::StripAsciiWhitespace(option);
    framing->has_close |= absl::EqualsIgnoreCase(option, "close");
    framing->has_keep_alive |= absl::EqualsIgnoreCase(option, "keep-alive");
  }
}

absl::Status ReadField(absl::string_view name, absl::string_view value, Framing* framing,
                       ResponseHead* head) {
  if (absl::EqualsIgnoreCase(name, "content-length")) return ReadContentLength(value, framing);
  if (absl::EqualsIgnoreCase(name, "transfer-encoding"))
    return ReadTransferEncoding(value, framing);
  if (absl::EqualsIgnoreCase(name, "connection")) {
    ReadConnection(value, framing);
  } else if (absl::EqualsIgnoreCase(name, "content-type")) {
    Assign(value, &head->content_type);
  } else if (absl::EqualsIgnoreCase(name, "content-encoding") &&
             !absl::EqualsIgnoreCase(value, "identity")) {
    Assign(value, &head->content_encoding);
  } else if (head->status / 100 == 3 && absl::EqualsIgnoreCase(name, "location")) {
    Assign(value, &head->location);
  }
  return absl::OkStatus();
}

// Takes a line off the front of *text, without its end.
absl::string_view TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  absl::string_view line = text->substr(0, end);
  text->remove_prefix(end == absl::string_view::npos ? text->size() : end + 1);
  if (absl::EndsWith(line, "\r")) line.remove_suffix(1);
  return line;
}

bool IsFolded(absl::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.front() == '\t');
}

// One field, with the lines folded onto it (obsolete, RFC 9112 section 5.2: each fold counts as a
// space).
absl::Status TakeField(absl::string_view* text, Framing* framing, ResponseHead* head) {
  const absl::string_view line = TakeLine(text);
  const size_t colon = line.find(':');
  const absl::string_view name = absl::StripTrailingAsciiWhitespace(
      line.substr(0, colon == absl::string_view::npos ? 0 : colon));
  if (name.empty()) return BadHead("header line without a name", line);
  absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  std::string unfolded;
  while (IsFolded(*text)) {
    unfolded =
        absl::StrCat(value, value.empty() ? "" : " ", absl::StripAsciiWhitespace(TakeLine(text)));
    value = unfolded;
  }
  return ReadField(name, value, framing, head);
}

// RFC 9112 section 6.3: chunked goes before a length (and such a connection is not trusted
// further); no length means until close.
void DecideFraming(const Framing& framing, ResponseHead* head) {
  head->keep_alive = !framing.has_close && (!framing.is_http_1_0 || framing.has_keep_alive);
  if (head->is_interim() || head->status == 204 || head->status == 304) {
    head->framing = BodyFraming::kNone;
  } else if (framing.is_chunked) {
    head->framing = BodyFraming::kChunked;
    if (framing.has_length || framing.is_http_1_0) head->keep_alive = false;
  } else if (framing.has_length) {
    head->framing = BodyFraming::kContentLength;
    head->content_length = framing.length;
  } else {
    head->framing = BodyFraming::kUntilClose;
    head->keep_alive = false;
  }
}

}  // namespace

void ResponseHead::Clear() {
  status = 0;
  keep_alive = true;
  framing = BodyFraming::kNone;
  content_length = 0;
  reason.clear();
  content_type.clear();
  content_encoding.clear();
  location.clear();
}

absl::Status ParseResponseHead(absl::string_view text, ResponseHead* head) {
  head->Clear();
  Framing framing;
  absl::Status status = ParseStatusLine(TakeLine(&text), &framing, head);
  while (status.ok() && !text.empty()) status = TakeField(&text, &framing, head);
  if (!status.ok()) return status;
  if (head->status == 101) return BadHead("switched protocols unasked", head->reason);
  DecideFraming(framing, head);
  return absl::OkStatus();
}

}  // namespace drumfire
