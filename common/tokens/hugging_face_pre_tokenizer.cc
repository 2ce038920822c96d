#include "common/tokens/hugging_face_pre_tokenizer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/tokens/json_fields.h"

namespace drumfire {
namespace {

using simdjson::dom::element;

constexpr absl::string_view kPunctuationPattern = "[\\p{P}$+<=>\\^`|~]";

absl::StatusOr<SplitBehavior> ParseBehavior(element step, absl::string_view missing) {
  const absl::string_view name = StringField(step, "behavior", missing);
  if (name == "Isolated") return SplitBehavior::kIsolated;
  if (name == "Removed") return SplitBehavior::kRemoved;
  if (name == "MergedWithPrevious") return SplitBehavior::kMergedWithPrevious;
  if (name == "MergedWithNext") return SplitBehavior::kMergedWithNext;
  if (name == "Contiguous") return SplitBehavior::kContiguous;
  return absl::InvalidArgumentError(absl::StrCat(
      "pre_tokenizer: behavior: found \"", name,
      "\", expected Isolated, Removed, MergedWithPrevious, MergedWithNext or Contiguous"));
}

// Of {"Regex": ...} or {"String": ...}, the latter quoted.
absl::StatusOr<std::string> ParsePattern(element step) {
  const element pattern = Field(step, "pattern");
  if (const auto regex = StringField(pattern, "Regex", ""); !regex.empty()) {
    return std::string(regex);
  }
  const absl::string_view literal = StringField(pattern, "String", "");
  if (literal.empty()) {
    return absl::InvalidArgumentError(
        "pre_tokenizer: Split: pattern: found nothing, expected {\"Regex\": ...} or {\"String\": "
        "...}");
  }
  std::string quoted;
  for (const char c : literal) {
    if (absl::string_view("\\^$.[]|()?*+{}-#&~ ").find(c) != absl::string_view::npos)
      quoted += '\\';
    quoted += c;
  }
  return quoted;
}

absl::Status AddSplit(element step, PreTokenizer* out) {
  DRUMFIRE_ASSIGN_OR_RETURN(std::string pattern, ParsePattern(step));
  DRUMFIRE_ASSIGN_OR_RETURN(SplitBehavior behavior, ParseBehavior(step, ""));
  return out->AddSplit(pattern, behavior, BoolField(step, "invert", false));
}

absl::Status AddDigits(element step, PreTokenizer* out) {
  const bool each = BoolField(step, "individual_digits", false);
  return out->AddSplit("\\p{N}", each ? SplitBehavior::kIsolated : SplitBehavior::kContiguous,
                       false);
}

absl::Status AddPunctuation(element step, PreTokenizer* out) {
  DRUMFIRE_ASSIGN_OR_RETURN(SplitBehavior behavior, ParseBehavior(step, "Isolated"));
  return out->AddSplit(kPunctuationPattern, behavior, false);
}

absl::Status AddByteLevel(element step, PreTokenizer* out) {
  if (BoolField(step, "add_prefix_space", true)) out->AddPrefixSpace();
  if (!BoolField(step, "use_regex", true)) return absl::OkStatus();
  return out->AddSplit(kGpt2Pattern, SplitBehavior::kIsolated, false);
}

absl::Status AddStep(element step, bool is_last, PreTokenizer* out) {
  const absl::string_view type = StringField(step, "type", "");
  if (is_last != (type == "ByteLevel")) {
    return absl::InvalidArgumentError(
        absl::StrCat("pre_tokenizer: found \"", type, "\" as ", is_last ? "the last" : "an inner",
                     " step, expected ByteLevel as the last step and only there"));
  }
  if (type == "ByteLevel") return AddByteLevel(step, out);
  if (type == "Split") return AddSplit(step, out);
  if (type == "Digits") return AddDigits(step, out);
  if (type == "Punctuation") return AddPunctuation(step, out);
  return absl::InvalidArgumentError(
      absl::StrCat("pre_tokenizer: type: found \"", type,
                   "\", expected Sequence, Split, Digits, Punctuation or ByteLevel"));
}

// Sequences may hold sequences.
void Flatten(element node, int depth, std::vector<element>* steps) {
  constexpr int kMaxDepth = 8;
  simdjson::dom::array children;
  if (StringField(node, "type", "") != "Sequence" || depth > kMaxDepth ||
      Field(node, "pretokenizers").get(children) != simdjson::SUCCESS) {
    steps->push_back(node);
    return;
  }
  for (const element child : children) Flatten(child, depth + 1, steps);
}

}  // namespace

absl::StatusOr<PreTokenizer> ParsePreTokenizer(element pre_tokenizer) {
  std::vector<element> steps;
  Flatten(pre_tokenizer, 0, &steps);
  if (steps.empty()) {
    return absl::InvalidArgumentError(
        "pre_tokenizer: found an empty Sequence, expected ByteLevel as the last step");
  }
  PreTokenizer out;
  for (size_t i = 0; i < steps.size(); ++i) {
    DRUMFIRE_RETURN_IF_ERROR(AddStep(steps[i], i + 1 == steps.size(), &out));
  }
  return out;
}

}  // namespace drumfire
