// A machine for tests of flags: the files and tokenizers a test puts there, and nothing else.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/parse_profile.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

// One token a byte.
class ByteTokenizer : public Tokenizer {
 public:
  void Encode(absl::string_view text, std::vector<uint32_t>* ids) const override {
    for (unsigned char c : text) ids->push_back(c);
  }
  size_t Count(absl::string_view text) const override { return text.size(); }
  absl::string_view Decode(uint32_t) const override { return "x"; }
  uint32_t vocabulary_size() const override { return 256; }
};

// A rank file with a token for each byte.
inline std::string ByteRanks() {
  std::string ranks;
  for (int byte = 0; byte < 256; ++byte) {
    const auto value = static_cast<char>(byte);
    absl::StrAppend(&ranks, absl::Base64Escape(absl::string_view(&value, 1)), " ", byte, "\n");
  }
  return ranks;
}

class FakeInputs : public ProfileInputs {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> cached_models;
  std::set<std::string> tokenizers = {"builtin"};
  std::map<std::string, InputFile> row_files;
  uint64_t drawn_seed = 4711;
  mutable InputFileOptions last_options;

  bool Exists(const std::string& path) const override {
    return files.count(path) > 0 || tokenizers.count(path) > 0 || row_files.count(path) > 0;
  }
  absl::StatusOr<std::string> ReadFile(const std::string& path) const override {
    const auto file = files.find(path);
    if (file == files.end()) return absl::NotFoundError(absl::StrCat("no file ", path));
    return file->second;
  }
  std::optional<std::string> TakeVariable(const std::string& name) const override {
    const auto variable = variables.find(name);
    if (variable == variables.end()) return std::nullopt;
    return variable->second;
  }
  std::string FindCachedModel(absl::string_view name) const override {
    const auto model = cached_models.find(std::string(name));
    return model == cached_models.end() ? "" : model->second;
  }
  std::vector<std::string> ModelCaches() const override { return {"/cache"}; }
  absl::StatusOr<LoadedTokenizer> LoadTokenizer(const std::string& path) const override {
    if (tokenizers.count(path) == 0) {
      return absl::InvalidArgumentError(absl::StrCat("no vocabulary in ", path));
    }
    return LoadedTokenizer{v1::TOKENIZER_TIKTOKEN, ByteRanks(), std::make_shared<ByteTokenizer>()};
  }
  absl::StatusOr<InputFile> ReadRows(const std::string& path,
                                     const InputFileOptions& options) const override {
    last_options = options;
    const auto rows = row_files.find(path);
    if (rows == row_files.end()) return absl::NotFoundError(absl::StrCat("no file ", path));
    return rows->second;
  }
  uint64_t DrawSeed() const override { return drawn_seed; }
};

// A trace of three rows, one a second.
inline InputFile TraceRows() {
  InputFile file;
  file.kind = v1::DATASET_MOONCAKE;
  file.block_size = 512;
  for (int i = 0; i < 3; ++i) {
    file.rows.add_isl(100);
    file.rows.add_osl(i);
    file.rows.add_timestamp_ns(int64_t{1'000'000'000} * i);
  }
  return file;
}

inline InputFile TextRows() {
  InputFile file;
  file.kind = v1::DATASET_SINGLE_TURN;
  for (const char* text : {"one", "two"}) {
    file.rows.add_isl(3);
    file.rows.add_texts(text);
  }
  return file;
}

// FakeInputs with trace.jsonl and texts.jsonl.
inline FakeInputs MachineWithFiles() {
  FakeInputs inputs;
  inputs.row_files["trace.jsonl"] = TraceRows();
  inputs.row_files["texts.jsonl"] = TextRows();
  return inputs;
}

// Arguments of a command without quotes in it.
inline std::vector<std::string> Words(absl::string_view command) {
  return absl::StrSplit(command, ' ', absl::SkipEmpty());
}

// A command with a model and a tokenizer, so that only the test's own flags can be wrong.
inline absl::StatusOr<ProfileRequest> ParseWith(absl::string_view flags, const FakeInputs& inputs) {
  return ParseProfile(Words(absl::StrCat("--model m --tokenizer builtin ", flags)), inputs);
}

}  // namespace drumfire
