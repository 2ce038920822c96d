#include "coordinator/cli/tokenizer_choice.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

constexpr absl::string_view kBuiltin = "builtin";

// "org/name" as model hubs have it; never "./file", "/file" or "folder/file.json".
bool IsHubName(absl::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("-_./", absl::string_view(&c, 1));
  });
  const bool is_file = absl::EndsWith(name, ".json") || absl::EndsWith(name, ".tiktoken") ||
                       absl::EndsWith(name, ".model");
  return plain && !is_file && std::count(name.begin(), name.end(), '/') == 1 &&
         name.front() != '/' && name.front() != '.' && name.back() != '/';
}

absl::StatusOr<TokenizerChoice> Load(const TokenizerQuery& query, const std::string& path,
                                     const ProfileInputs& inputs) {
  absl::StatusOr<LoadedTokenizer> loaded = inputs.LoadTokenizer(path);
  if (!loaded.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(query.flag, ": ", loaded.status().message()));
  }
  return TokenizerChoice{*std::move(loaded), path, false};
}

// Why: the missing input, as text.
absl::StatusOr<TokenizerChoice> AssumeBuiltin(const TokenizerQuery& query, absl::string_view why,
                                              const ProfileInputs& inputs,
                                              std::vector<std::string>* notes) {
  absl::StatusOr<TokenizerChoice> choice = Load(query, std::string(kBuiltin), inputs);
  if (!choice.ok()) return choice;
  choice->assumed = true;
  notes->push_back(absl::StrCat(why,
                                ": builtin (o200k_base) is used in its place, so token counts "
                                "are not the model's own"));
  return choice;
}

// Where a model's own files are on this machine; empty = nowhere.
std::string FindModel(const std::string& name, const ProfileInputs& inputs) {
  return inputs.Exists(name) ? name : inputs.FindCachedModel(name);
}

absl::StatusOr<TokenizerChoice> ChooseForModel(const TokenizerQuery& query,
                                               const ProfileInputs& inputs,
                                               std::vector<std::string>* notes) {
  const std::string found = FindModel(query.model, inputs);
  if (found.empty()) {
    return AssumeBuiltin(
        query,
        absl::StrCat("no --tokenizer was given and none was found for model ", Quoted(query.model)),
        inputs, notes);
  }
  absl::StatusOr<TokenizerChoice> choice = Load(query, found, inputs);
  if (!choice.ok()) {
    return AssumeBuiltin(query,
                         absl::StrCat("the tokenizer found for the model cannot be used (",
                                      choice.status().message(), ")"),
                         inputs, notes);
  }
  notes->push_back(absl::StrCat("tokenizer: ", found, " (found for the model's name)"));
  return choice;
}

absl::Status NotHere(const TokenizerQuery& query, const ProfileInputs& inputs) {
  const std::vector<std::string> caches = inputs.ModelCaches();
  return UsageError(
      query.flag,
      absl::StrCat("found no tokenizer.json of ", Quoted(query.given), " in ",
                   caches.empty() ? "any cache" : absl::StrJoin(caches, ", "),
                   " (nothing is downloaded); run hf download ", query.given,
                   " tokenizer.json (huggingface-cli in older versions), or use --tokenizer DIR or "
                   "--tokenizer builtin"));
}

}  // namespace

absl::StatusOr<TokenizerChoice> ChooseTokenizer(const TokenizerQuery& query,
                                                const ProfileInputs& inputs,
                                                std::vector<std::string>* notes) {
  if (query.given.empty()) return ChooseForModel(query, inputs, notes);
  if (query.given == kBuiltin) return Load(query, query.given, inputs);
  if (const std::string found = FindModel(query.given, inputs); !found.empty()) {
    return Load(query, found, inputs);
  }
  if (!IsHubName(query.given)) {
    return UsageError(
        query.flag,
        absl::StrCat("found no file or directory ", Quoted(query.given),
                     "; give a tokenizer file, a model directory, ORG/NAME or builtin"));
  }
  return NotHere(query, inputs);
}

}  // namespace drumfire
