#include "coordinator/cli/hf_cache.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace drumfire {
namespace {

namespace fs = std::filesystem;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool HasTokenizer(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "tokenizer.json", ignored);
}

std::string SnapshotIn(const fs::path& model) {
  std::string main;
  std::ifstream(model / "refs" / "main") >> main;
  const bool plain = !main.empty() && !absl::StrContains(main, "/") && main.front() != '.';
  if (plain && HasTokenizer(model / "snapshots" / main)) return model / "snapshots" / main;
  std::error_code error;
  std::string last;
  for (fs::directory_iterator entry(model / "snapshots", error), end; !error && entry != end;
       entry.increment(error)) {
    if (HasTokenizer(entry->path())) last = std::max(last, entry->path().string());
  }
  return last;
}

}  // namespace

std::vector<std::string> HuggingFaceCacheFolders() {
  std::vector<std::string> folders;
  if (const std::string hub = Environment("HF_HUB_CACHE"); !hub.empty()) folders.push_back(hub);
  if (const std::string home = Environment("HF_HOME"); !home.empty()) {
    folders.push_back(absl::StrCat(home, "/hub"));
  }
  if (const std::string home = Environment("HOME"); !home.empty()) {
    folders.push_back(absl::StrCat(home, "/.cache/huggingface/hub"));
  }
  return folders;
}

std::string FindCachedModelIn(const std::vector<std::string>& caches, absl::string_view model) {
  const bool is_name = !model.empty() && !absl::StrContains(model, "..") &&
                       std::count(model.begin(), model.end(), '/') <= 1 &&
                       model.find('\0') == model.npos;
  if (!is_name) return "";
  const std::string folder = absl::StrCat("models--", absl::StrReplaceAll(model, {{"/", "--"}}));
  for (const std::string& cache : caches) {
    const std::string found = SnapshotIn(fs::path(cache) / folder);
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace drumfire
