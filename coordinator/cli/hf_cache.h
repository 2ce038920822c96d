// Finds a model's files in the local Hugging Face cache. Nothing is downloaded.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

// Cache folders in the order in which Hugging Face's libraries look: $HF_HUB_CACHE, $HF_HOME/hub,
// ~/.cache/huggingface/hub.
std::vector<std::string> HuggingFaceCacheFolders();

// Folder <cache>/models--org--name/snapshots/<revision> that holds a tokenizer.json: that of
// refs/main, or else the last by name. Empty if there is none, and for names other than "name" or
// "org/name".
std::string FindCachedModelIn(const std::vector<std::string>& caches, absl::string_view model);

}  // namespace drumfire
