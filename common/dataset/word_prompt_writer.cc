#include "common/dataset/word_prompt_writer.h"

#include <algorithm>
#include <cstring>

namespace drumfire {
namespace {

// Each draw of 64 bits chooses four words.
constexpr int kBitsPerWord = 16;
constexpr uint32_t kWordsPerDraw = 64 / kBitsPerWord;
constexpr uint32_t kChunkWords = 64 * kWordsPerDraw;

}  // namespace

WordPromptWriter::WordPromptWriter(const std::vector<std::string>& words) {
  words_.reserve(words.size());
  for (const std::string& text : words) {
    Word& word = words_.emplace_back();
    word.text.fill('\0');
    std::copy(text.begin(), text.end(), word.text.begin());
    word.size_bytes = static_cast<uint8_t>(text.size());
  }
}

void WordPromptWriter::Append(absl::Span<const PromptPart> parts, std::string* out) const {
  for (const PromptPart& part : parts) AppendPart(part, out);
}

void WordPromptWriter::AppendPart(PromptPart part, std::string* out) const {
  std::array<char, (kChunkWords + 1) * kMaxSingleTokenWordBytes> chunk;
  const auto count = static_cast<uint64_t>(words_.size());
  for (uint32_t left = part.tokens; left > 0;) {
    char* end = chunk.data();
    const uint32_t in_chunk = std::min(left, kChunkWords);
    uint64_t bits = 0;
    for (uint32_t i = 0; i < in_chunk; ++i) {
      bits = i % kWordsPerDraw == 0 ? part.random.Bits() : bits >> kBitsPerWord;
      const Word& word = words_[((bits & 0xFFFF) * count) >> kBitsPerWord];
      std::memcpy(end, word.text.data(), kMaxSingleTokenWordBytes);
      end += word.size_bytes;
    }
    out->append(chunk.data(), end - chunk.data());
    left -= in_chunk;
  }
}

}  // namespace drumfire
