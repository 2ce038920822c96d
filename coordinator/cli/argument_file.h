// `drumfire profile @FILE [flags]`: a command's flags from a file, so that a plan can be stored and
// mounted as a file.
//
//   # 20 requests a second for a minute
//   --model my-model --url http://server:8000
//   --request-rate 20 --benchmark-duration 60
//   -H "X-Team: load tests"
//
// Words are separated by blanks and line ends; single or double quotes keep blanks together; a word
// that begins with # and what follows on its line is a comment.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

// The words of such a text. InvalidArgument: "line N: <problem>".
absl::StatusOr<std::vector<std::string>> SplitArguments(absl::string_view text);

// Replaces a first argument that begins with "@" by the file's words. After other arguments "@..."
// is a flag's value. InvalidArgument is one line that begins with "@FILE".
absl::StatusOr<std::vector<std::string>> WithArgumentFile(std::vector<std::string> arguments,
                                                          const ProfileInputs& inputs);

}  // namespace drumfire
