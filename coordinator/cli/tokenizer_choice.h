// Chooses a run's tokenizer: the one given, the model's own if this host has it, or else builtin
// with a note. Nothing is ever downloaded.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

struct TokenizerChoice {
  LoadedTokenizer loaded;
  std::string name;      // as given, "builtin", or the path found
  bool assumed = false;  // builtin, because none was given and the model's own is missing
};

struct TokenizerQuery {
  std::string flag;   // as spelled, for messages
  std::string given;  // empty = no tokenizer was named
  std::string model;  // the first model's name
};

// A given tokenizer that is not on this host is an error, which names the places searched and how
// to get it: another tokenizer's counts would be mistaken for the model's own. builtin is assumed
// only if none was given and the model's own is missing.
absl::StatusOr<TokenizerChoice> ChooseTokenizer(const TokenizerQuery& query,
                                                const ProfileInputs& inputs,
                                                std::vector<std::string>* notes);

}  // namespace drumfire
