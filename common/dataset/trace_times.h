// The timestamps of an input file: their unit, the window that is kept, and their way to ns from
// the start.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/dataset/input_file.h"
#include "common/dataset/input_row.h"

namespace drumfire {

// Leaves out what the window excludes, sorts by time (stable), and puts the times of the rows that
// are left into *times_ns (none when the file has no timestamps). Adds a note for all that was
// detected or done. Errors name the line, "path:line: ...": some rows with and some without
// timestamps, or none left.
absl::Status ApplyTimes(absl::string_view path, const InputFileOptions& options,
                        std::vector<InputRow>* rows, std::vector<int64_t>* times_ns,
                        std::vector<std::string>* notes);

}  // namespace drumfire
