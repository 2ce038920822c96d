// Reads tiktoken rank files: one "base64 rank" a line.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/tokens/bpe_tokenizer.h"
#include "common/tokens/tokenizer.h"

namespace drumfire {
namespace {

constexpr absl::string_view kO200kPattern =
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
constexpr absl::string_view kCl100kPattern =
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+|"
    " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s";
constexpr absl::string_view kLlama3Pattern =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
constexpr absl::string_view kQwenPattern =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

// A rank file does not hold its pattern; its number of ranks tells the published ones apart.
absl::string_view PatternFor(uint32_t ranks) {
  switch (ranks) {
    case 100256:
      return kCl100kPattern;
    case 128000:
      return kLlama3Pattern;
    case 151643:
      return kQwenPattern;
    default:
      return kO200kPattern;
  }
}

absl::Status LineError(size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

// bytes: reused from line to line.
absl::Status AddLine(absl::string_view line, size_t number, std::string* bytes,
                     Vocabulary* vocabulary) {
  const size_t space = line.find(' ');
  uint32_t rank = 0;
  if (space == absl::string_view::npos || !absl::SimpleAtoi(line.substr(space + 1), &rank)) {
    return LineError(number, absl::StrCat("found \"", absl::CHexEscape(line.substr(0, 60)),
                                          "\", expected a base64 token and its rank"));
  }
  if (space % 4 != 0 || !absl::Base64Unescape(line.substr(0, space), bytes)) {
    return LineError(number,
                     absl::StrCat("token: found \"",
                                  absl::CHexEscape(line.substr(0, std::min<size_t>(space, 60))),
                                  "\", expected base64"));
  }
  const absl::Status added = vocabulary->Add(rank, *bytes);
  return added.ok() ? added : LineError(number, added.message());
}

absl::Status AddLines(absl::string_view file, Vocabulary* vocabulary) {
  std::string bytes;
  for (size_t number = 1; !file.empty(); ++number) {
    const size_t end = std::min(file.find('\n'), file.size());
    absl::string_view line = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    DRUMFIRE_RETURN_IF_ERROR(AddLine(line, number, &bytes, vocabulary));
  }
  return absl::OkStatus();
}

// Every byte must be a token, or there would be text that cannot be encoded.
absl::Status CheckAllBytes(const Vocabulary& vocabulary) {
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    if (vocabulary.Find(absl::string_view(&character, 1)) == Vocabulary::kNoToken) {
      return absl::InvalidArgumentError(absl::StrCat("found no token for byte 0x", absl::Hex(byte),
                                                     ", expected all 256 bytes in a rank file"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tokenizer>> MakeTiktokenTokenizer(absl::string_view rank_file) {
  const auto lines = static_cast<size_t>(std::count(rank_file.begin(), rank_file.end(), '\n'));
  BpeModel model;
  model.vocabulary = std::make_unique<Vocabulary>(lines + 1);
  DRUMFIRE_RETURN_IF_ERROR(AddLines(rank_file, model.vocabulary.get()));
  DRUMFIRE_RETURN_IF_ERROR(CheckAllBytes(*model.vocabulary));
  model.merges = std::make_unique<VocabularyMerges>(model.vocabulary.get());
  model.encoder.whole_words = true;
  DRUMFIRE_RETURN_IF_ERROR(model.pre_tokenizer.AddSplit(PatternFor(model.vocabulary->findable()),
                                                        SplitBehavior::kIsolated, false));
  return std::make_unique<BpeTokenizer>(std::move(model));
}

}  // namespace drumfire
