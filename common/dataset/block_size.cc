#include "common/dataset/block_size.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// Block sizes that fit all rows so far, both ends inclusive.
struct Range {
  uint64_t least = 1;
  uint64_t most = UINT32_MAX;
  bool Holds(uint64_t size) const { return least <= size && size <= most; }
};

// ceil(tokens / size) = ids, solved for the size.
Range FittingSizes(const InputRow& row) {
  const uint64_t tokens = row.input_length, ids = row.hash_ids.size();
  Range range;
  range.least = (tokens + ids - 1) / ids;
  if (ids > 1) range.most = (tokens - 1) / (ids - 1);
  return range;
}

Range Intersect(const Range& a, const Range& b) {
  return {std::max(a.least, b.least), std::min(a.most, b.most)};
}

uint32_t Choose(const Range& range) {
  if (range.Holds(kDefaultBlockSize)) return kDefaultBlockSize;
  const uint64_t power_of_two = std::bit_ceil(range.least);
  return static_cast<uint32_t>(range.Holds(power_of_two) ? power_of_two : range.least);
}

absl::Status DoesNotFit(absl::string_view path, const InputRow& row, uint64_t block_size) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, ":", row.line, ": hash_ids: found ", row.hash_ids.size(), " ids for ", row.input_length,
      " input tokens, expected ", (row.input_length + block_size - 1) / block_size,
      " with blocks of ", block_size, " tokens"));
}

}  // namespace

absl::StatusOr<uint32_t> FindBlockSize(absl::string_view path, const InputFileOptions& options,
                                       const std::vector<InputRow>& rows,
                                       std::vector<std::string>* notes) {
  Range fitting;
  if (options.block_size) fitting = {*options.block_size, *options.block_size};
  size_t rows_with_ids = 0;
  for (const InputRow& row : rows) {
    if (row.hash_ids.empty()) continue;
    ++rows_with_ids;
    const Range narrowed = row.input_length < row.hash_ids.size()
                               ? Range{1, 0}
                               : Intersect(fitting, FittingSizes(row));
    if (narrowed.least > narrowed.most) return DoesNotFit(path, row, Choose(fitting));
    fitting = narrowed;
  }
  const uint32_t size = Choose(fitting);
  if (rows_with_ids > 0) {
    notes->push_back(absl::StrCat("blocks: ", size, " tokens for each hash id (",
                                  options.block_size ? "as given" : "derived from input_length",
                                  ", fits all ", rows_with_ids, " rows with hash_ids)"));
  }
  return size;
}

}  // namespace drumfire
