#include "common/dataset/search_prompt_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr size_t kMaxPieces = 4096;
// A round brings the length nearer by about the whole difference; the rest is for unlucky pieces at
// the end.
constexpr int kMaxRounds = 1000;

// Letters, digits, spaces and plain punctuation: no special token, such as <|end|>, gets into a
// prompt.
bool IsPlain(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view(" .,:;!?-").find(c) != absl::string_view::npos;
  });
}

std::vector<std::string> FindPieces(const Tokenizer& tokenizer) {
  std::vector<std::string> pieces;
  for (uint32_t id = 0; id < tokenizer.vocabulary_size() && pieces.size() < kMaxPieces; ++id) {
    if (IsPlain(tokenizer.Decode(id))) pieces.emplace_back(tokenizer.Decode(id));
  }
  return pieces;
}

// How many pieces make about so many tokens, at least one, judged by a text of which both are
// known.
size_t PiecesOf(size_t tokens, size_t known_pieces, size_t known_tokens) {
  return known_tokens == 0 ? tokens : std::max<size_t>(1, tokens * known_pieces / known_tokens);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SearchPromptWriter>> SearchPromptWriter::Create(
    const Tokenizer* tokenizer, const std::atomic<bool>* is_stopping) {
  constexpr uint32_t kCheckedLengths = 32;
  std::vector<std::string> pieces = FindPieces(*tokenizer);
  if (pieces.empty()) {
    return absl::InvalidArgumentError(
        "tokenizer: found no plain ASCII token, expected some to make prompts of");
  }
  std::unique_ptr<SearchPromptWriter> writer(
      new SearchPromptWriter(tokenizer, is_stopping, std::move(pieces)));
  std::string text;
  for (uint32_t tokens = 1; tokens <= kCheckedLengths; ++tokens) {
    const PromptPart part{Random(0, RandomStream::kPromptText, tokens), tokens};
    if (writer->Search({&part, 1}, &text)) continue;
    return absl::InvalidArgumentError(absl::StrCat("tokenizer: found no text of exactly ", tokens,
                                                   " tokens, expected one of each length"));
  }
  return writer;
}

std::string SearchPromptWriter::Join(const std::vector<uint32_t>& chosen) const {
  std::string text;
  for (const uint32_t piece : chosen) text += pieces_[piece];
  return text;
}

bool SearchPromptWriter::Search(absl::Span<const PromptPart> parts, std::string* text) const {
  std::vector<uint32_t> chosen;
  size_t wanted = 0;
  Random random = parts.back().random;
  const auto choose = [&](Random* draws, size_t number) {
    for (; number > 0; --number) {
      chosen.push_back(static_cast<uint32_t>(draws->Below(pieces_.size())));
    }
  };
  for (const PromptPart& part : parts) {
    random = part.random;
    choose(&random, part.tokens);
    wanted += part.tokens;
  }
  for (int round = 0; round < kMaxRounds && !is_stopping(); ++round) {
    *text = Join(chosen);
    const size_t found = tokenizer_.Count(*text);
    if (found == wanted) return true;
    if (found < wanted) choose(&random, PiecesOf(wanted - found, chosen.size(), found));
    if (found > wanted) {
      chosen.resize(chosen.size() - PiecesOf(found - wanted, chosen.size(), found));
    }
  }
  return false;
}

void SearchPromptWriter::Append(absl::Span<const PromptPart> parts, std::string* out) const {
  std::string text;
  Search(parts, &text);
  out->append(text);
}

}  // namespace drumfire
