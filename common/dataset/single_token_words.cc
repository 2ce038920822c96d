#include "common/dataset/single_token_words.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/random/random.h"

namespace drumfire {
namespace {

struct CandidateWord {
  uint32_t id;
  std::string text;
};

bool LooksLikeWord(absl::string_view bytes) {
  return bytes.size() >= 2 && bytes.size() <= kMaxSingleTokenWordBytes && bytes[0] == ' ' &&
         std::all_of(bytes.begin() + 1, bytes.end(), absl::ascii_islower);
}

bool EncodesTo(const Tokenizer& tokenizer, absl::string_view text,
               const std::vector<uint32_t>& expected) {
  std::vector<uint32_t> ids;
  tokenizer.Encode(text, &ids);
  return ids == expected;
}

// Alone, and doubled between others.
bool IsSingleToken(const Tokenizer& tokenizer, const CandidateWord& word,
                   const CandidateWord& other) {
  return EncodesTo(tokenizer, word.text, {word.id}) &&
         EncodesTo(tokenizer, absl::StrCat(other.text, word.text, word.text, other.text),
                   {other.id, word.id, word.id, other.id});
}

std::vector<CandidateWord> CollectWords(const Tokenizer& tokenizer) {
  std::vector<CandidateWord> words;
  for (uint32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    if (words.size() == kMaxSingleTokenWords) break;
    if (!LooksLikeWord(tokenizer.Decode(id))) continue;
    CandidateWord word{id, std::string(tokenizer.Decode(id))};
    if (IsSingleToken(tokenizer, word, words.empty() ? word : words.front())) {
      words.push_back(std::move(word));
    }
  }
  return words;
}

bool HoldsAsText(const Tokenizer& tokenizer, const std::vector<CandidateWord>& words) {
  std::string text;
  std::vector<uint32_t> ids;
  for (const CandidateWord& word : words) {
    text += word.text;
    ids.push_back(word.id);
  }
  return EncodesTo(tokenizer, text, ids);
}

// All words in one text, in several orders.
bool HoldInAnyOrder(const Tokenizer& tokenizer, std::vector<CandidateWord> words) {
  constexpr uint64_t kShuffles = 3;
  if (!HoldsAsText(tokenizer, words)) return false;
  for (uint64_t shuffle = 0; shuffle < kShuffles; ++shuffle) {
    Random random(shuffle, RandomStream::kPromptText, shuffle);
    for (size_t i = words.size(); i > 1; --i) std::swap(words[i - 1], words[random.Below(i)]);
    if (!HoldsAsText(tokenizer, words)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> FindSingleTokenWords(const Tokenizer& tokenizer) {
  std::vector<CandidateWord> words = CollectWords(tokenizer);
  if (words.size() < kMinSingleTokenWords || !HoldInAnyOrder(tokenizer, words)) return {};
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (CandidateWord& word : words) texts.push_back(std::move(word.text));
  return texts;
}

}  // namespace drumfire
