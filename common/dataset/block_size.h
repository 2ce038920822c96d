// The number of tokens that one hash id stands for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/dataset/input_file.h"
#include "common/dataset/input_row.h"

namespace drumfire {

// The given size, or the one that the rows allow: with c ids for n tokens, c - 1 whole blocks and a
// last one of 1 to block size tokens. 512 if it fits, else a power of two, else the smallest that
// fits. An error names the first line that does not fit ("path:line: hash_ids: ...").
absl::StatusOr<uint32_t> FindBlockSize(absl::string_view path, const InputFileOptions& options,
                                       const std::vector<InputRow>& rows,
                                       std::vector<std::string>* notes);

}  // namespace drumfire
