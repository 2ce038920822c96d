#include "common/dataset/row_repeats.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {
namespace {

// What a row's prompt is made of: its text, or its hash ids.
struct RowContent {
  absl::string_view text;
  absl::Span<const uint64_t> hash_ids;
  uint32_t isl = 0;

  bool is_comparable() const { return !text.empty() || !hash_ids.empty(); }
  bool operator<(const RowContent& other) const {
    if (text != other.text) return text < other.text;
    if (hash_ids != other.hash_ids) {
      return std::lexicographical_compare(hash_ids.begin(), hash_ids.end(), other.hash_ids.begin(),
                                          other.hash_ids.end());
    }
    return isl < other.isl;
  }
};

template <typename Sequence>
size_t CommonPrefix(const Sequence& a, const Sequence& b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                             a.begin());
}

// Tokens in which both begin alike.
double SharedTokens(const RowContent& a, const RowContent& b, uint32_t block_size) {
  const size_t bytes = CommonPrefix(a.text, b.text);
  if (bytes > 0) return b.isl * static_cast<double>(bytes) / static_cast<double>(b.text.size());
  const uint64_t tokens = CommonPrefix(a.hash_ids, b.hash_ids) * uint64_t{block_size};
  return static_cast<double>(std::min({tokens, uint64_t{a.isl}, uint64_t{b.isl}}));
}

bool AreEqual(const RowContent& a, const RowContent& b) { return !(a < b) && !(b < a); }

std::vector<RowContent> ContentsOf(const v1::DatasetRows& rows, size_t count) {
  std::vector<RowContent> contents(count);
  const absl::Span<const uint64_t> hash_ids(rows.hash_ids().data(),
                                            static_cast<size_t>(rows.hash_ids_size()));
  size_t first_id = 0;
  for (size_t i = 0; i < count; ++i) {
    const int row = static_cast<int>(i);
    contents[i].isl = rows.isl(row);
    if (rows.texts_size() > 0) contents[i].text = rows.texts(row);
    const size_t ids = rows.hash_id_count_size() > 0 ? rows.hash_id_count(row) : 0;
    contents[i].hash_ids = hash_ids.subspan(first_id, ids);
    first_id += ids;
  }
  return contents;
}

}  // namespace

// In sorted order a row shares most with its neighbour, and the sum over neighbours is that over
// any order: each beginning is new once.
RowRepeats MeasureRowRepeats(const v1::DatasetRows& rows, uint32_t block_size, uint64_t requests) {
  const auto count = std::min<uint64_t>(requests, static_cast<uint64_t>(rows.isl_size()));
  std::vector<RowContent> contents = ContentsOf(rows, count);
  const double all_tokens =
      std::accumulate(contents.begin(), contents.end(), 0.0,
                      [](double sum, const RowContent& row) { return sum + row.isl; });
  std::sort(contents.begin(), contents.end());
  RowRepeats repeats;
  repeats.distinct_rows = count;
  double shared_tokens = 0;
  for (size_t i = 1; i < contents.size(); ++i) {
    if (!contents[i].is_comparable()) continue;
    shared_tokens += SharedTokens(contents[i - 1], contents[i], block_size);
    repeats.distinct_rows -= AreEqual(contents[i - 1], contents[i]) ? 1 : 0;
  }
  if (all_tokens > 0) repeats.shared_prefix_share = std::min(shared_tokens / all_tokens, 1.0);
  return repeats;
}

}  // namespace drumfire
