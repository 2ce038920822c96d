// How much of a file's prompts a server has seen before in the same run: what an endless prefix
// cache could answer by design of the data.
#pragma once

#include <cstdint>

#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct RowRepeats {
  uint64_t distinct_rows = 0;
  // Of the input tokens, those in which a row begins as another one before it, 0..1. Texts are
  // compared by bytes, rows with hash ids by blocks; rows with neither share nothing.
  double shared_prefix_share = 0;
};

// Of the first `requests` rows, once each. block_size: tokens of a hash id; 0 only without hash
// ids.
RowRepeats MeasureRowRepeats(const v1::DatasetRows& rows, uint32_t block_size, uint64_t requests);

}  // namespace drumfire
