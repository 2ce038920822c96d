#include "tools/mock_server/event_writer.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/mock_server/error_answer.h"
#include "tools/mock_server/reply_head.h"

namespace drumfire::mock {
namespace {

constexpr absl::string_view kDone = "data: [DONE]\n\n";

absl::string_view ObjectName(ApiKind kind) {
  return kind == ApiKind::kChat ? "chat.completion.chunk" : "text_completion";
}

}  // namespace

EventWriter::EventWriter(const AnswerIdentity& identity, bool usage_asked, bool chunked)
    : shape_(&EventTemplateOf(identity.persona, identity.kind)),
      traits_(&TraitsOf(identity.persona)),
      persona_(identity.persona),
      kind_(identity.kind),
      usage_asked_(usage_asked),
      chunked_(chunked),
      finish_reason_(identity.finish_reason),
      envelope_(MakeEnvelope(identity, ObjectName(identity.kind))) {
  envelope_.front.insert(0, "data: ");
  envelope_.back.append("\n\n");
  if (traits_->zero_usage_on_events && kind_ == ApiKind::kCompletions && !usage_asked_) {
    text_tail_ = absl::StrCat(",", UsageJson(persona_, Usage()));
  }
}

void EventWriter::Role(std::string* out) const {
  if (!shape_->role.empty()) Event(shape_->role, shape_->role_tail, out);
}

// The one hot path: no allocation but the growth of *out.
void EventWriter::Text(absl::string_view text, TextPlace place, std::string* out) const {
  const std::string last_close = place.last ? LastTextClose() : std::string();
  absl::string_view close = shape_->text_close;
  if (place.first && !shape_->first_text_close.empty()) close = shape_->first_text_close;
  if (!last_close.empty()) close = last_close;
  const absl::string_view pieces[] = {envelope_.front,  TextOpen(place), text,          close,
                                      envelope_.middle, text_tail_,      envelope_.back};
  size_t size = 0;
  for (const absl::string_view piece : pieces) size += piece.size();
  if (chunked_) AppendChunkStart(size, out);
  for (const absl::string_view piece : pieces) out->append(piece.data(), piece.size());
  if (chunked_) out->append(kChunkEnd.data(), kChunkEnd.size());
}

void EventWriter::Error(std::string* out) const {
  Frame(absl::StrCat("data: ", StreamErrorJson(persona_), "\n\n"), out);
}

void EventWriter::Done(std::string* out) const {
  if (traits_->sends_done) Frame(kDone, out);
}

void EventWriter::Comment(std::string* out) const { Frame(":\n\n", out); }

void EventWriter::End(const Usage& usage, std::string* out) const {
  const UsagePlace place =
      kind_ == ApiKind::kChat ? traits_->chat_usage : traits_->completions_usage;
  std::vector<std::string> payloads;
  if (traits_->finish == FinishPlace::kOwnEvent) {
    const bool with_usage = place == UsagePlace::kOnFinishAlways;
    payloads.push_back(EventPayload(WithFinishReason(shape_->finish, finish_reason_),
                                    with_usage ? FinishTail(usage) : text_tail_));
  }
  if (usage_asked_ && place == UsagePlace::kOwnEvent) {
    payloads.push_back(EventPayload(shape_->usage, FinishTail(usage)));
  }
  if (traits_->sends_done) payloads.emplace_back(kDone);
  if (traits_->one_chunk_at_end) {
    std::string joined;
    for (const std::string& payload : payloads) joined += payload;
    payloads = {joined};
  }
  for (const std::string& payload : payloads) Frame(payload, out);
}

void EventWriter::LastChunk(std::string* out) const {
  if (chunked_) out->append(kLastChunk.data(), kLastChunk.size());
}

void EventWriter::Frame(absl::string_view payload, std::string* out) const {
  if (chunked_) AppendChunkStart(payload.size(), out);
  out->append(payload.data(), payload.size());
  if (chunked_) out->append(kChunkEnd.data(), kChunkEnd.size());
}

void EventWriter::Event(absl::string_view choices, absl::string_view tail, std::string* out) const {
  Frame(EventPayload(choices, tail), out);
}

std::string EventWriter::EventPayload(absl::string_view choices, absl::string_view tail) const {
  return absl::StrCat(envelope_.front, choices, envelope_.middle, tail, envelope_.back);
}

std::string EventWriter::FinishTail(const Usage& usage) const {
  return absl::StrCat(",", UsageJson(persona_, usage), shape_->usage_tail);
}

absl::string_view EventWriter::TextOpen(TextPlace place) const {
  if (place.reasoning && !shape_->reasoning_open.empty()) return shape_->reasoning_open;
  if (place.first && !shape_->first_text_open.empty()) return shape_->first_text_open;
  return shape_->text_open;
}

std::string EventWriter::LastTextClose() const {
  return WithFinishReason(shape_->last_text_close, finish_reason_);
}

}  // namespace drumfire::mock
