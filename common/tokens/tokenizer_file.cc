#include "common/tokens/tokenizer_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

namespace fs = std::filesystem;

constexpr char kDataDirVariable[] = "DRUMFIRE_DATA_DIR";
constexpr char kBuiltinFile[] = "o200k_base.tiktoken";

absl::Status NotReadable(const fs::path& path, absl::string_view found,
                         absl::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat("tokenizer ", path.string(), ": ", found, ", expected ", expected));
}

// The one file of a model folder that holds its tokenizer.
absl::StatusOr<fs::path> FindInFolder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / "tokenizer.json", error)) return folder / "tokenizer.json";
  std::vector<fs::path> rank_files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".tiktoken") rank_files.push_back(entry.path());
  }
  if (rank_files.size() == 1) return rank_files.front();
  return NotReadable(folder,
                     absl::StrCat("the folder holds no tokenizer.json and ", rank_files.size(),
                                  " *.tiktoken files"),
                     "a tokenizer.json or one *.tiktoken file");
}

absl::StatusOr<std::string> ReadBytes(const fs::path& path) {
  std::error_code error;
  const uint64_t size = fs::file_size(path, error);
  if (error) return NotReadable(path, error.message(), "a file that can be read");
  if (size > kMaxTokenizerFileBytes) {
    return NotReadable(path, absl::StrCat("found ", size, " bytes"),
                       absl::StrCat("at most ", kMaxTokenizerFileBytes));
  }
  std::string bytes(size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return NotReadable(path, std::strerror(errno), "a file that can be read");
  }
  return bytes;
}

v1::TokenizerKind KindOf(absl::string_view bytes) {
  const size_t start = bytes.find_first_not_of(" \t\r\n");
  if (start == absl::string_view::npos) return v1::TOKENIZER_NONE;
  return bytes[start] == '{' ? v1::TOKENIZER_HUGGING_FACE : v1::TOKENIZER_TIKTOKEN;
}

absl::StatusOr<fs::path> Locate(absl::string_view name) {
  if (name == kBuiltinTokenizer) return FindBuiltinRanks();
  const fs::path path{std::string(name)};
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) return FindInFolder(path);
  if (fs::is_regular_file(status)) return path;
  return NotReadable(path, error ? error.message() : "not a regular file",
                     "\"builtin\", a tokenizer.json, a *.tiktoken rank file, or a folder with one");
}

}  // namespace

absl::StatusOr<TokenizerFile> ReadTokenizerFile(absl::string_view name) {
  DRUMFIRE_ASSIGN_OR_RETURN(fs::path path, Locate(name));
  DRUMFIRE_ASSIGN_OR_RETURN(std::string bytes, ReadBytes(path));
  TokenizerFile file{KindOf(bytes), path.string(), std::move(bytes)};
  if (file.kind == v1::TOKENIZER_NONE) {
    return NotReadable(path, "the file is empty", "a tokenizer.json or a rank file");
  }
  return file;
}

absl::StatusOr<std::string> FindBuiltinRanks() {
  std::error_code error;
  fs::path wanted;
  if (const char* folder = std::getenv(kDataDirVariable); folder != nullptr && *folder != '\0') {
    wanted = fs::path(folder) / kBuiltinFile;
    if (fs::exists(wanted, error)) return wanted.string();
  } else {
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    const fs::path relative = fs::path("share/drumfire") / kBuiltinFile;
    for (fs::path at = program.parent_path(); !at.empty(); at = at.parent_path()) {
      wanted = at / relative;
      if (fs::exists(wanted, error)) return wanted.string();
      if (at == at.parent_path()) break;
    }
    wanted = program.parent_path() / relative;
  }
  return absl::NotFoundError(
      absl::StrCat("tokenizer builtin: found no ", wanted.string(), " (nor in a folder above), ",
                   "expected the rank file that tools/setup/builtin_vocabulary.sh installs; ",
                   kDataDirVariable, " names another folder"));
}

}  // namespace drumfire
