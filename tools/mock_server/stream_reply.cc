#include "tools/mock_server/stream_reply.h"

#include <algorithm>

#include "tools/mock_server/random_streams.h"
#include "tools/mock_server/words.h"

namespace drumfire::mock {
namespace {

int64_t StrikesAfter(const RequestFault& fault, int64_t tokens) {
  switch (fault.kind) {
    case FaultKind::kEmpty:
      return 0;
    case FaultKind::kReset:
    case FaultKind::kStall:
    case FaultKind::kTruncate:
    case FaultKind::kStreamError:
      return 1 + static_cast<int64_t>(fault.position * static_cast<double>(tokens));
    case FaultKind::kUnfinished:  // before the last token, which may carry the finish reason
      return std::min(tokens - 1,
                      1 + static_cast<int64_t>(fault.position * static_cast<double>(tokens - 1)));
    default:
      return kNeverNs;
  }
}

std::string HeadBytes(const StreamPlan& plan) {
  std::string bytes;
  AppendReplyHead(plan.identity.persona, plan.head, &bytes);
  return bytes;
}

}  // namespace

StreamReply::StreamReply(const StreamPlan& plan)
    : traits_(TraitsOf(plan.identity.persona)),
      writer_(plan.identity, plan.usage_asked, plan.head.chunked),
      head_(HeadBytes(plan)),
      usage_(plan.usage),
      ttft_ns_(plan.ttft_ns),
      gap_(plan.gap),
      tokens_per_event_(plan.tokens_per_event),
      events_per_write_(plan.events_per_write),
      comment_interval_ns_(plan.comment_interval_ns),
      fault_(plan.fault.kind),
      strikes_after_(StrikesAfter(plan.fault, plan.usage.completion_tokens)),
      gap_random_(plan.seed, kGapStream, plan.index),
      text_random_(plan.seed, kTextStream, plan.index) {}

void StreamReply::Open(std::string* out) {
  if (!traits_.head_at_once) return;
  SendHead(out);
  if (traits_.role == RolePlace::kWithHead) writer_.Role(out);
}

void StreamReply::Begin(int64_t now_ns) {
  token_due_ns_ = now_ns + ttft_ns_;
  if (comment_interval_ns_ > 0) comment_due_ns_ = now_ns + comment_interval_ns_;
}

int64_t StreamReply::next_due_ns() const { return std::min(token_due_ns_, comment_due_ns_); }

ReplyStep StreamReply::Step(std::string* out) {
  if (comment_due_ns_ < token_due_ns_) {
    SendComment(out);
    return {};
  }
  if (sent_tokens_ == strikes_after_) return Strike(out);
  ReplyStep step;
  SendHead(out);
  for (int i = 0; i < events_per_write_ && step.end == ReplyEnd::kNotYet; ++i) {
    if (sent_tokens_ == strikes_after_ || token_due_ns_ == kNeverNs) break;
    SendEvent(out, &step);
  }
  if (comment_interval_ns_ > 0 && token_due_ns_ != kNeverNs) {
    comment_due_ns_ = token_due_ns_ + comment_interval_ns_;
  }
  return step;
}

void StreamReply::SendHead(std::string* out) {
  out->append(head_);
  std::string().swap(head_);
}

void StreamReply::SendComment(std::string* out) {
  if (head_.empty()) writer_.Comment(out);
  comment_due_ns_ += comment_interval_ns_;
}

void StreamReply::SendEvent(std::string* out, ReplyStep* step) {
  const int64_t count = NextEventTokens();
  const bool last = sent_tokens_ + count == usage_.completion_tokens;
  const bool reasoning = sent_tokens_ < usage_.reasoning_tokens;
  const bool held_back = HoldsBack(last);
  const std::string text = TakeText(count);
  if (held_back) {
    held_back_ = text;
  } else {
    if (sent_tokens_ == 0 && traits_.role == RolePlace::kBeforeFirstText) writer_.Role(out);
    writer_.Text(text, {.first = !sent_event_, .last = last, .reasoning = reasoning}, out);
    sent_event_ = true;
    if (!text.empty()) ++step->text_events;
  }
  sent_tokens_ += count;
  step->tokens += static_cast<int>(count);
  for (int64_t i = 0; i < count; ++i) token_due_ns_ += gap_.SampleNs(&gap_random_);
  if (last && sent_tokens_ != strikes_after_) {
    step->end = SendEnd(out);
  }
}

int64_t StreamReply::NextEventTokens() const {
  int64_t end = std::min(usage_.completion_tokens, strikes_after_);
  if (sent_tokens_ < usage_.reasoning_tokens) end = std::min(end, usage_.reasoning_tokens);
  return std::min<int64_t>(tokens_per_event_, end - sent_tokens_);
}

std::string StreamReply::TakeText(int64_t count) {
  std::string text;
  text.swap(held_back_);
  if (Chance(traits_.empty_text_percent)) return text;
  for (int64_t i = 0; i < count; ++i) {
    const absl::string_view word = TokenWord(static_cast<uint64_t>(sent_tokens_ + i));
    text.append(word.data(), word.size());
  }
  return text;
}

bool StreamReply::HoldsBack(bool last) { return !last && Chance(traits_.held_back_percent); }

bool StreamReply::Chance(int percent) {
  return percent > 0 && text_random_.Below(100) < static_cast<uint64_t>(percent);
}

ReplyEnd StreamReply::SendEnd(std::string* out) {
  writer_.End(usage_, out);
  if (fault_ == FaultKind::kOpenBody) {
    token_due_ns_ = kNeverNs;
    return ReplyEnd::kNotYet;
  }
  writer_.LastChunk(out);
  return ReplyEnd::kDone;
}

ReplyStep StreamReply::SendNothing(std::string* out) {
  SendHead(out);
  if (traits_.role == RolePlace::kBeforeFirstText) writer_.Role(out);
  // Where the reason of the end comes with the last text, that text is empty.
  if (traits_.finish == FinishPlace::kOnLastText) {
    writer_.Text("", {.first = true, .last = true}, out);
  }
  return {.end = SendEnd(out)};
}

ReplyStep StreamReply::Strike(std::string* out) {
  token_due_ns_ = kNeverNs;
  switch (fault_) {
    case FaultKind::kEmpty:
      return SendNothing(out);
    case FaultKind::kReset:
      return {.end = ReplyEnd::kReset};
    case FaultKind::kTruncate:
      return {.end = ReplyEnd::kClose};
    case FaultKind::kUnfinished:
      SendHead(out);
      writer_.LastChunk(out);
      return {.end = ReplyEnd::kDone};
    case FaultKind::kStreamError:
      writer_.Error(out);
      writer_.Done(out);
      writer_.LastChunk(out);
      return {.end = ReplyEnd::kDone};
    default:  // a stall: comments at most
      return {};
  }
}

}  // namespace drumfire::mock
