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
  bool assumed = false;  // builtin, since none was given and the model's own is not here
};

struct TokenizerQuery {
  std::string flag;   // as spelled, for messages
  std::string given;  // empty = no tokenizer was named
  std::string model;  // the first model's name
};

// A tokenizer that was asked for and is not on this machine is an error, which says where it was
// looked for and how to bring it: token counts of another would be taken for the model's own. Only
// when none was asked for, and the model's own is not here, builtin is assumed.
absl::StatusOr<TokenizerChoice> ChooseTokenizer(const TokenizerQuery& query,
                                                const ProfileInputs& inputs,
                                                std::vector<std::string>* notes);

}  // namespace drumfire
