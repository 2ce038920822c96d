#include "common/tokens/pre_tokenizer.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

// Joins neighbouring parts as the behavior says and hands them on. Parts lie one after the other in
// one text.
class PartJoiner {
 public:
  PartJoiner(SplitBehavior behavior, PreTokenizer::WordSink sink)
      : behavior_(behavior), sink_(sink) {}

  void Add(absl::string_view part, bool is_match) {
    if (!held_.empty() && Joins(is_match)) {
      held_ = absl::string_view(held_.data(), held_.size() + part.size());
    } else {
      Flush();
      held_ = part;
    }
    held_is_match_ = is_match;
  }

  void Flush() {
    const bool drop = behavior_ == SplitBehavior::kRemoved && held_is_match_;
    if (!held_.empty() && !drop) sink_(held_);
    held_ = {};
  }

 private:
  // Whether the part that comes belongs to the one held.
  bool Joins(bool is_match) const {
    switch (behavior_) {
      case SplitBehavior::kMergedWithPrevious:
        return is_match && !held_is_match_;
      case SplitBehavior::kMergedWithNext:
        return held_is_match_ && !is_match;
      case SplitBehavior::kContiguous:
        return is_match == held_is_match_;
      case SplitBehavior::kIsolated:
      case SplitBehavior::kRemoved:
        return false;
    }
    return false;
  }

  SplitBehavior behavior_;
  PreTokenizer::WordSink sink_;
  absl::string_view held_;
  bool held_is_match_ = false;
};

}  // namespace

const char kGpt2Pattern[] =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

absl::Status PreTokenizer::AddSplit(absl::string_view pattern, SplitBehavior behavior,
                                    bool invert) {
  DRUMFIRE_ASSIGN_OR_RETURN(SplitRegex regex, SplitRegex::Create(pattern));
  Step& step = steps_.emplace_back();
  step.regex = std::move(regex);
  step.behavior = behavior;
  step.invert = invert;
  return absl::OkStatus();
}

void PreTokenizer::AddPrefixSpace() { steps_.emplace_back(); }

void PreTokenizer::RunStep(size_t index, absl::string_view part, WordSink word) const {
  if (index == steps_.size()) {
    word(part);
    return;
  }
  const auto next = [&](absl::string_view piece) { RunStep(index + 1, piece, word); };
  const Step& step = steps_[index];
  if (step.regex.has_value() && step.behavior == SplitBehavior::kIsolated) {
    step.regex->Split(part, [&](absl::string_view piece, bool /*is_match*/) { next(piece); });
  } else if (step.regex.has_value()) {
    PartJoiner joiner(step.behavior, next);
    step.regex->Split(part, [&](absl::string_view piece, bool match) {
      joiner.Add(piece, match != step.invert);
    });
    joiner.Flush();
  } else if (part.substr(0, 1) == " ") {
    next(part);
  } else {
    next(absl::StrCat(" ", part));
  }
}

}  // namespace drumfire
