#include "coordinator/cli/nearest.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr size_t kLongestWord = 64;
// Letters that say which word was meant.
constexpr size_t kTellingLetters = 3;

absl::string_view WithoutDashes(absl::string_view word) {
  const size_t first = word.find_first_not_of('-');
  return first == word.npos ? "" : word.substr(first);
}

// "rate" in "--request-rate", "conc" in "--concurrency": begins there or behind a dash.
bool HasPart(absl::string_view candidate, absl::string_view part) {
  const size_t at = absl::StrCat("-", WithoutDashes(candidate)).find(absl::StrCat("-", part));
  return at != std::string::npos;
}

// The shortest candidate that the word is a part of, the first of equals.
absl::string_view ShortestWith(absl::string_view word,
                               absl::Span<const absl::string_view> candidates) {
  const absl::string_view part = WithoutDashes(word);
  absl::string_view shortest;
  if (part.size() < kTellingLetters) return shortest;
  for (absl::string_view candidate : candidates) {
    if (!HasPart(candidate, part)) continue;
    if (shortest.empty() || candidate.size() < shortest.size()) shortest = candidate;
  }
  return shortest;
}

}  // namespace

size_t EditDistance(absl::string_view a, absl::string_view b) {
  // Rows i-2, i-1 and i of the distance table.
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

absl::string_view Nearest(absl::string_view word, absl::Span<const absl::string_view> candidates) {
  if (word.size() > kLongestWord) return "";
  if (const absl::string_view whole = ShortestWith(word, candidates); !whole.empty()) return whole;
  absl::string_view nearest;
  size_t smallest = std::max<size_t>(2, word.size() / 3) + 1;
  for (absl::string_view candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace drumfire
