#include "common/dialect/text_collector.h"

#include <algorithm>

namespace drumfire {

void TextCollector::Add(absl::string_view text, bool is_reasoning) {
  if (text.empty()) return;
  ++count_;
  last_ = text;
  last_is_reasoning_ = is_reasoning;
  (is_reasoning ? content_->has_reasoning : content_->has_text) = true;
  std::string* kept = is_reasoning ? sink_->reasoning : sink_->text;
  if (kept == nullptr) return;
  const size_t room = sink_->max_bytes - std::min(kept->size(), sink_->max_bytes);
  if (text.size() > room) sink_->cut = true;
  kept->append(text.data(), std::min(text.size(), room));
}

bool TextCollector::SingleText(absl::string_view* text, bool* is_reasoning) const {
  *text = last_;
  *is_reasoning = last_is_reasoning_;
  return count_ == 1;
}

}  // namespace drumfire
