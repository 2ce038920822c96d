// Which tokenizer a run uses: the one that was named, the model's own when this machine has it,
// else builtin - and a line that says so. Nothing is ever downloaded.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

struct TokenizerChoice {
  LoadedTokenizer loaded;
  std::string name;      // as given, "builtin", or where it was found
  bool assumed = false;  // builtin in place of one that is not here
};

struct TokenizerQuery {
  std::string flag;   // as spelled, for messages
  std::string given;  // empty = no tokenizer was named
  std::string model;  // the first model's name
};

// A name of the form org/name that is not on this machine is answered by builtin, as commands
// written for downloading tools have it; any other name that is not there is an error.
absl::StatusOr<TokenizerChoice> ChooseTokenizer(const TokenizerQuery& query,
                                                const ProfileInputs& inputs,
                                                std::vector<std::string>* notes);

}  // namespace drumfire
