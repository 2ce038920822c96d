#include "common/dialect/event_shape.h"

#include <cstring>

#include "absl/strings/match.h"

namespace drumfire {
namespace {

// Larger frames (log probabilities, token ids) differ from event to event anyway.
constexpr size_t kMaxFrameBytes = 1 << 10;
constexpr unsigned char kFirstPrintable = 0x20;

// True when text, put between quotes, is one JSON string.
bool IsStringText(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || static_cast<unsigned char>(text[i]) < kFirstPrintable) return false;
    if (text[i] != '\\') continue;
    ++i;  // the escaped byte; whether the escape means something is not checked here
    if (i == text.size() || static_cast<unsigned char>(text[i]) < kFirstPrintable) return false;
  }
  return true;
}

}  // namespace

void EventShape::Learn(absl::string_view event, absl::string_view text, bool is_reasoning) {
  Forget();
  if (event.size() - text.size() > kMaxFrameBytes) return;
  if (absl::StrContains(event, '\n')) return;
  prefix_bytes_ = static_cast<uint32_t>(text.data() - event.data());
  const absl::string_view suffix = event.substr(prefix_bytes_ + text.size());
  frame_.assign(event.data(), prefix_bytes_);
  frame_.append(suffix.data(), suffix.size());
  is_reasoning_ = is_reasoning;
}

void EventShape::Forget() { frame_.clear(); }

bool EventShape::Match(absl::string_view event, absl::string_view* text) const {
  if (frame_.empty() || event.size() < frame_.size()) return false;
  const size_t suffix_bytes = frame_.size() - prefix_bytes_;
  const char* suffix = event.data() + event.size() - suffix_bytes;
  if (std::memcmp(event.data(), frame_.data(), prefix_bytes_) != 0) return false;
  if (std::memcmp(suffix, frame_.data() + prefix_bytes_, suffix_bytes) != 0) return false;
  *text = event.substr(prefix_bytes_, event.size() - frame_.size());
  return IsStringText(*text);
}

}  // namespace drumfire
