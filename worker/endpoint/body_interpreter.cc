#include "worker/endpoint/body_interpreter.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/dialect.h"
#include "common/dialect/text_collector.h"
#include "common/json/json_unescape.h"
#include "common/plan/conversations.h"

namespace drumfire {
namespace {

// Events begin with a field, a comment or a byte order mark, which no JSON does.
constexpr absl::string_view kEventStarts[] = {
    "data:", "event:", "id:", "retry:", ":", "\xEF\xBB\xBF"};

bool LooksLikeEvents(absl::string_view body) {
  return std::any_of(std::begin(kEventStarts), std::end(kEventStarts),
                     [body](absl::string_view start) { return absl::StartsWith(body, start); });
}

// The first read may hold no more than a part of that.
bool MayBecomeEvents(absl::string_view body) {
  return std::any_of(std::begin(kEventStarts), std::end(kEventStarts),
                     [body](absl::string_view start) { return absl::StartsWith(start, body); });
}

// The request itself sets its limit of tokens to 0: in a text, the quotes would be escaped.
bool AsksForNoOutput(const Exchange& exchange, absl::Span<const absl::string_view> limit_keys) {
  if (exchange.body == nullptr) return false;
  for (absl::string_view key : limit_keys) {
    const std::string start = absl::StrCat("\"", key, "\":");
    const size_t at = exchange.body->find(start);
    if (at == std::string::npos) continue;
    const absl::string_view value = absl::StripLeadingAsciiWhitespace(
        absl::string_view(*exchange.body).substr(at + start.size()));
    if (absl::StartsWith(value, "0") && value.size() > 1 && !absl::ascii_isdigit(value[1]) &&
        value[1] != '.')
      return true;
  }
  return false;
}

bool LooksLikeJson(absl::string_view body) { return body.find_first_of("{[") == 0; }

}  // namespace

InterpreterOptions InterpreterOptionsOf(const v1::Plan& plan) {
  InterpreterOptions options;
  options.keep_gaps = plan.records().detail() == v1::RECORD_CHUNKS;
  // A conversation's next turn repeats the reply.
  options.keep_text = !plan.records().use_server_token_count() || HasConversations(plan.dataset());
  const Dialect& dialect = DialectOf(plan.endpoint());
  options.makes_tokens = dialect.produces_tokens;
  options.body_budget = std::make_shared<ByteBudget>(kMaxHeldBodiesBytes);
  options.output_limit_keys = dialect.output_limit_keys;
  options.accept_unannounced_end = plan.endpoint().accept_unannounced_end();
  return options;
}

void FailExchange(v1::ErrorClass error, absl::string_view message, Exchange* exchange) {
  if (exchange->outcome == v1::OUTCOME_FAILED) return;
  exchange->outcome = v1::OUTCOME_FAILED;
  exchange->error = error;
  exchange->error_message.clear();
  AppendValidUtf8(message, kMaxErrorMessageBytes, &exchange->error_message);
}

void BodyInterpreter::Start(Exchange* exchange) {
  exchange_ = exchange;
  sink_ = TextSink();
  if (options_.keep_text)
    sink_ = {&exchange->escaped_text, &exchange->escaped_reasoning, kMaxKeptTextBytes};
  kind_ = BodyKind::kUndecided;
  undecided_.clear();
  is_event_stream_ = has_answer_ = has_length_finish_ = end_announced_ = false;
  last_life_ns_ = stamp_ns_ = ended_ns_ = -1;
  events_.Reset();
  shape_.Forget();
  ReleaseBody();
}

void BodyInterpreter::OnHead(const ResponseHead& head, ReadStamp stamp) {
  Touch(stamp);
  exchange_->http_status = head.status;
  exchange_->http_reason.clear();
  AppendValidUtf8(head.reason, kMaxErrorMessageBytes, &exchange_->http_reason);
  exchange_->head_ns = last_life_ns_ = stamp_ns_;
  is_event_stream_ = absl::StartsWithIgnoreCase(head.content_type, "text/event-stream");
  const bool is_error = head.status < 200 || head.status > 299;
  if (is_error) kind_ = BodyKind::kErrorText;
  if (!head.location.empty()) {
    return Fail(v1::ERROR_HTTP_STATUS,
                absl::StrCat("redirected to ", head.location, ", which is not followed"));
  }
  if (head.content_encoding.empty()) return;
  Fail(is_error ? v1::ERROR_HTTP_STATUS : v1::ERROR_BAD_BODY,
       absl::StrCat("the body has Content-Encoding ", head.content_encoding,
                    ", which was not asked for"));
}

void BodyInterpreter::OnBody(absl::string_view body, ReadStamp stamp) {
  if (body.empty()) return;
  Touch(stamp);
  if (kind_ == BodyKind::kUndecided) body = DecideKind(body);
  TakeBody(body);
}

void BodyInterpreter::TakeBody(absl::string_view body) {
  switch (kind_) {
    case BodyKind::kEvents:
      return OnEvents(body);
    case BodyKind::kJson:
      return OnJson(body);
    case BodyKind::kErrorText:
      return OnErrorText(body);
    default:
      return;
  }
}

void BodyInterpreter::EndRead() { body_.Hold(); }

void BodyInterpreter::OnEnd(ReadStamp stamp) { Finish(stamp); }

void BodyInterpreter::OnLeftOpen(ReadStamp stamp) {
  exchange_->body_left_open = true;
  Finish(stamp);
}

// A text behind [DONE] is late, but counts.
void BodyInterpreter::Finish(ReadStamp stamp) {
  Touch(stamp);
  if (kind_ == BodyKind::kUndecided && !undecided_.empty()) {
    kind_ = is_event_stream_ ? BodyKind::kEvents : BodyKind::kJson;
    TakeBody(undecided_);
  }
  switch (kind_) {
    case BodyKind::kEvents:
      FinishEvents();
      break;
    case BodyKind::kJson:
      FinishJson();
      break;
    case BodyKind::kErrorText:
      FinishErrorText();
      break;
    case BodyKind::kUndecided:
      Fail(v1::ERROR_BAD_BODY, "the answer's body is empty");
      break;
    case BodyKind::kDropped:
      break;
  }
  ReleaseBody();
  exchange_->over_ns = stamp_ns_;
  exchange_->end_ns = has_ended() ? std::max(ended_ns_, exchange_->last_token_ns) : stamp_ns_;
}

void BodyInterpreter::OnBroken(v1::ErrorClass error, absl::string_view message, ReadStamp stamp) {
  Touch(stamp);
  if (kind_ == BodyKind::kErrorText) FinishErrorText();
  Fail(error, message);
  ReleaseBody();
  exchange_->end_ns = exchange_->over_ns = stamp_ns_;
}

// Stamps of two sources may cross by some microseconds; gaps must not become negative.
void BodyInterpreter::Touch(ReadStamp stamp) { stamp_ns_ = std::max(stamp_ns_, stamp.ns); }

// Servers send errors as plain JSON under text/event-stream, and events under application/json, so
// the first bytes go before the content type. Returns what is to be taken, this body with what came
// before the decision.
absl::string_view BodyInterpreter::DecideKind(absl::string_view body) {
  if (!undecided_.empty()) {
    absl::StrAppend(&undecided_, body);
    body = undecided_;
  }
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(body);
  if (start.empty()) return body;  // means nothing before an event or a JSON text
  if (!LooksLikeEvents(start) && MayBecomeEvents(start)) {
    if (undecided_.empty()) undecided_ = std::string(start);
    return body;
  }
  const bool is_events = LooksLikeEvents(start) || (is_event_stream_ && !LooksLikeJson(start));
  kind_ = is_events ? BodyKind::kEvents : BodyKind::kJson;
  return body;
}

void BodyInterpreter::OnEvents(absl::string_view body) {
  if (TakeKnownEvent(body)) return;
  while (kind_ == BodyKind::kEvents) {
    switch (events_.Next(&body)) {
      case SseParser::Step::kNeedMore:
        return;
      case SseParser::Step::kComment:
        break;
      case SseParser::Step::kEvent:
        OnEvent(v1::ERROR_BAD_BODY);
        break;
      case SseParser::Step::kError:
        Fail(v1::ERROR_BAD_BODY, absl::StrCat("an event of over ", kMaxEventBytes, " bytes"));
        break;
    }
  }
}

// The usual part of a stream: one event of the last one's shape. That shape says that it is one
// line, so nothing has to be searched for. False, and nothing done, when it is another.
bool BodyInterpreter::TakeKnownEvent(absl::string_view body) {
  constexpr absl::string_view kStart = "data: ";
  constexpr absl::string_view kEnd = "\n\n";
  if (!absl::StartsWith(body, kStart) || !absl::EndsWith(body, kEnd)) return false;
  absl::string_view text;
  const size_t data_bytes = body.size() - kStart.size() - kEnd.size();
  if (!events_.at_event_start() || !shape_.Match(body.substr(kStart.size(), data_bytes), &text))
    return false;
  NoteLife();
  EventContent content;
  content.has_answer = true;
  TextCollector(&sink_, &content).Add(text, shape_.is_reasoning());
  TakeEventContent(content);
  return true;
}

void BodyInterpreter::OnEvent(v1::ErrorClass malformed) {
  const absl::string_view data = events_.data();
  if (data.empty()) return;
  NoteLife();
  if (events_.event_name() == "error") return Fail(v1::ERROR_IN_STREAM, data);
  EventContent content;
  reader_->ReadEvent(data, &shape_, &sink_, &content);
  if (content.kind == EventContent::Kind::kError) return Fail(v1::ERROR_IN_STREAM, data);
  if (content.kind == EventContent::Kind::kMalformed) return Fail(malformed, data);
  if (content.kind == EventContent::Kind::kDone && !has_ended()) ended_ns_ = stamp_ns_;
  NoteAnnouncedEnd(content);
  TakeEventContent(content);
}

// Some servers send usage with every text: only without one does it come at the end.
void BodyInterpreter::NoteAnnouncedEnd(const EventContent& content) {
  const bool has_last_usage = content.has_usage && !content.has_text && !content.has_reasoning;
  end_announced_ |=
      content.kind == EventContent::Kind::kDone || content.has_finish || has_last_usage;
}

void BodyInterpreter::NoteLife() {
  if (exchange_->first_event_ns < 0) exchange_->first_event_ns = stamp_ns_;
  last_life_ns_ = stamp_ns_;
}

void BodyInterpreter::TakeEventContent(const EventContent& content) {
  TakeContent(content);
  if (content.has_text || content.has_reasoning) CountContentChunk(content.has_text);
}

void BodyInterpreter::OnJson(absl::string_view body) {
  NoteLife();
  if (body.size() > kMaxBodyBytes - body_.size()) {
    return RefuseBody(v1::ERROR_BAD_BODY, absl::StrCat("a body of over ", kMaxBodyBytes, " bytes"));
  }
  if (!body_share_.Take(body.size())) {
    return RefuseBody(v1::ERROR_CLIENT_LIMIT,
                      absl::StrCat("bodies that wait for their end hold over ",
                                   options_.body_budget->limit_bytes(), " bytes together"));
  }
  body_.Append(body);
}

// Its end is not waited for: it may never come.
void BodyInterpreter::RefuseBody(v1::ErrorClass error, absl::string_view message) {
  ReleaseBody();
  Fail(error, message);
  if (!has_ended()) ended_ns_ = stamp_ns_;
}

void BodyInterpreter::ReleaseBody() {
  body_.Clear();
  body_share_.Release();
}

void BodyInterpreter::OnErrorText(absl::string_view body) {
  NoteLife();
  if (body_.size() < kMaxErrorMessageBytes) body_.Append(body.substr(0, kMaxErrorMessageBytes));
}

// An event without its empty line still counts, unless it is itself cut short: the only sign of it
// in a body whose end is just the connection's.
void BodyInterpreter::FinishEvents() {
  if (events_.AtEnd() == SseParser::Step::kEvent) OnEvent(v1::ERROR_TRUNCATED);
  if (!has_answer_) Fail(v1::ERROR_BAD_BODY, "the event stream ended without an answer in it");
  CheckAnnouncedEnd();
  CheckOutput();
}

// A gateway ends its own body properly when the server behind it dies in the middle of an answer.
void BodyInterpreter::CheckAnnouncedEnd() {
  if (end_announced_ || options_.accept_unannounced_end || !options_.makes_tokens) return;
  Fail(v1::ERROR_UNFINISHED, "the stream ended without finish_reason, [DONE] or usage");
}

void BodyInterpreter::FinishJson() {
  const absl::string_view body = body_.view();
  EventContent content;
  reader_->ReadBody(body, &sink_, &content);
  if (content.kind == EventContent::Kind::kError) return Fail(v1::ERROR_IN_STREAM, body);
  if (content.kind != EventContent::Kind::kContent || !content.has_answer) {
    return Fail(v1::ERROR_BAD_BODY, body);
  }
  TakeContent(content);
  CheckOutput();
}

// A live front end gives such answers for an engine that is dead. Tokens may have no text
// (held-back bytes, hidden special tokens): then usage counts them, or the limit of tokens ended
// the answer.
void BodyInterpreter::CheckOutput() {
  if (!options_.makes_tokens || exchange_->has_output ||
      AsksForNoOutput(*exchange_, options_.output_limit_keys))
    return;
  const v1::Usage& usage = exchange_->usage;
  if (usage.completion_tokens() > 0) return;
  if (!usage.has_completion_tokens() && has_length_finish_) return;
  Fail(v1::ERROR_NO_OUTPUT, usage.has_completion_tokens()
                                ? "the answer has no token: no text, and usage counts none"
                                : "the answer has no token: no text, and no usage that counts any");
}

void BodyInterpreter::FinishErrorText() {
  if (body_.empty()) {
    Fail(v1::ERROR_HTTP_STATUS,
         absl::StrCat("HTTP ", exchange_->http_status, " with an empty body"));
  } else {
    Fail(v1::ERROR_HTTP_STATUS, body_.view());
  }
}

void BodyInterpreter::TakeContent(const EventContent& content) {
  exchange_->text_cut = sink_.cut;
  has_answer_ |= content.has_answer;
  has_length_finish_ |= content.has_length_finish;
  exchange_->has_output |= content.has_text || content.has_reasoning;
  if (content.has_usage) {
    TakeUsage(content.usage);
  } else if (content.usage.is_malformed) {
    exchange_->usage_malformed = true;
  }
}

// One usage object replaces another as a whole.
void BodyInterpreter::TakeUsage(const TokenUsage& usage) {
  exchange_->has_usage = true;
  exchange_->usage_malformed = usage.is_malformed;
  v1::Usage* kept = &exchange_->usage;
  kept->Clear();
  if (usage.prompt_tokens) kept->set_prompt_tokens(*usage.prompt_tokens);
  if (usage.completion_tokens) kept->set_completion_tokens(*usage.completion_tokens);
  if (usage.total_tokens) kept->set_total_tokens(*usage.total_tokens);
  if (usage.reasoning_tokens) kept->set_reasoning_tokens(*usage.reasoning_tokens);
  if (usage.cached_prompt_tokens) kept->set_cached_prompt_tokens(*usage.cached_prompt_tokens);
}

void BodyInterpreter::CountContentChunk(bool has_text) {
  const bool is_first = exchange_->first_token_ns < 0;
  const bool shares_read = !is_first && stamp_ns_ == exchange_->last_token_ns;
  if (is_first) {
    exchange_->first_token_ns = stamp_ns_;
  } else if (options_.keep_gaps) {
    exchange_->gaps_ns.push_back(stamp_ns_ - exchange_->last_token_ns);
  }
  if (has_text && exchange_->first_output_token_ns < 0)
    exchange_->first_output_token_ns = stamp_ns_;
  exchange_->last_token_ns = stamp_ns_;
  ++exchange_->content_chunks;
  ++(shares_read ? exchange_->coalesced_chunks : exchange_->reads);
}

void BodyInterpreter::Fail(v1::ErrorClass error, absl::string_view message) {
  FailExchange(error, message, exchange_);
  if (kind_ == BodyKind::kEvents && !has_ended()) ended_ns_ = stamp_ns_;
  kind_ = BodyKind::kDropped;
}

}  // namespace drumfire
